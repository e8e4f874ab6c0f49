import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { root } from '../cli/project.ts';
import { build } from './compile.ts';

let folder = '';
const project = 'libs/money';

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollwire-build-'));
  cpSync(join(root, '.swcrc'), join(folder, '.swcrc'));
  source('index.ts', "import { nanos } from './nanos.ts';\nexport const one: bigint = nanos;\n");
  source('nanos.ts', 'export const nanos = 1_000_000_000n;\n');
  source('nanos.spec.ts', 'throw new Error("no test belongs into a build");\n');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function source(name: string, text: string): void {
  const file = join(folder, project, 'src', name);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
}

const built = (name: string): string => readFileSync(join(folder, project, 'dist', name), 'utf8');

describe('a build', () => {
  it('compiles what ships, with imports that Node finds', async () => {
    expect(await build([], folder)).toEqual({ compiled: 2, unchanged: 0, removed: 0 });
    expect(built('index.js')).toContain("from \"./nanos.js\"");
    expect(built('index.js')).toContain('//# sourceMappingURL=index.js.map');
    expect(existsSync(join(folder, project, 'dist/nanos.spec.js'))).toBe(false);
  });

  it('compiles only what changed, also when only the result was lost', async () => {
    await build([], folder);
    expect(await build([project], folder)).toEqual({ compiled: 0, unchanged: 2, removed: 0 });
    source('nanos.ts', 'export const nanos = 2n;\n');
    expect(await build([], folder)).toMatchObject({ compiled: 1, unchanged: 1 });
    rmSync(join(folder, project, 'dist/index.js'));
    expect(await build([], folder)).toMatchObject({ compiled: 1, unchanged: 1 });
  });

  it('removes what has no source any more', async () => {
    await build([], folder);
    rmSync(join(folder, project, 'src/nanos.ts'));
    expect(await build([], folder)).toMatchObject({ removed: 1 });
    expect(existsSync(join(folder, project, 'dist/nanos.js'))).toBe(false);
  });

  it('compiles everything anew with other settings', async () => {
    await build([], folder);
    const settings = readFileSync(join(folder, '.swcrc'), 'utf8');
    writeFileSync(join(folder, '.swcrc'), settings.replace('"sourceMaps": true', '"sourceMaps": false'));
    expect(await build([], folder)).toMatchObject({ compiled: 2 });
  });

  it('copies what is not TypeScript', async () => {
    source('rates.csv', 'prefix,rate\n');
    await build([], folder);
    expect(built('rates.csv')).toBe('prefix,rate\n');
  });
});
