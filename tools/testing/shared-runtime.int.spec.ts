import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { homeFolder, root } from '../cli/project.ts';

const report = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  numRuntimeErrorTestSuites: z.number(),
  testResults: z.array(z.object({ name: z.string(), message: z.string() })),
});

/** Jest on spec files of their own, with the settings of the unit suite, all in one process. */
class Planted {
  readonly #folder = mkdtempSync(join(homeFolder('planted'), 'specs-'));

  constructor(files: Readonly<Record<string, string>>) {
    for (const [name, text] of Object.entries(files)) this.#write(name, text);
    this.#write('jest.config.mjs', `
      import config from ${JSON.stringify(join(root, 'jest.config.js'))};
      const unit = config.projects.find(({ displayName }) => displayName === 'unit');
      export default { projects: [{ ...unit, rootDir: ${JSON.stringify(root)}, roots: [${JSON.stringify(this.#folder)}] }] };
    `);
  }

  run() {
    const jest = [join(root, 'node_modules/jest/bin/jest.js'), '--config', join(this.#folder, 'jest.config.mjs'), '--runInBand', '--json'];
    const ran = spawnSync(process.execPath, ['--experimental-vm-modules', ...jest], { cwd: root, encoding: 'utf8' });
    const { testResults, ...counts } = report.parse(JSON.parse(ran.stdout));
    return { code: ran.status, ...counts, messages: Object.fromEntries(testResults.map(({ name, message }) => [basename(name), message])) };
  }

  read(name: string): string {
    return readFileSync(join(this.#folder, name), 'utf8');
  }

  close(): void {
    rmSync(this.#folder, { recursive: true });
  }

  #write(name: string, text: string): void {
    mkdirSync(this.#folder, { recursive: true });
    writeFileSync(join(this.#folder, name), text);
  }
}

const globals = "import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';\n";

describe('spec files that share a process', () => {
  // Each of the two would fail after the other, if anything of that one were left.
  const tracing = `${globals}
    import './loaded.ts';
    let hooks = 0;
    const traces = () => [process.env['PLANTED'], process.cwd() === '/', Reflect.get(globalThis, Symbol.for('planted')), typeof console.planted];
    const found = traces();
    beforeAll(() => { hooks += 1; });
    describe('a file', () => {
      it('finds nothing of another', () => expect([...found, hooks]).toEqual([undefined, false, undefined, 'undefined', 1]));
      it('knows where it is', () => expect(expect.getState()).toMatchObject({ testPath: import.meta.filename, currentTestName: 'a file knows where it is' }));
      it('leaves traces', () => {
        process.env['PLANTED'] = 'yes';
        process.chdir('/');
        Reflect.set(globalThis, Symbol.for('planted'), 1);
        globalThis.console = { ...console, planted() {} };
        expect(traces()).toEqual(['yes', true, 1, 'function']);
      });
    });
  `;
  const planted = new Planted({
    'one.spec.ts': tracing,
    'two.spec.ts': tracing,
    'loaded.ts': "import { appendFileSync } from 'node:fs';\nappendFileSync(new URL('loads.txt', import.meta.url), 'loaded\\n');\n",
  });
  afterAll(() => planted.close());

  it('load a module once, and find nothing else of each other', () => {
    expect(planted.run()).toMatchObject({ code: 0, numPassedTests: 6, numFailedTests: 0 });
    expect(planted.read('loads.txt')).toBe('loaded\n');
  }, 120_000);
});

describe('a spec file that fails', () => {
  const planted = new Planted({
    // The type makes the lines that run differ from those that were written.
    'fails.spec.ts': `${globals}\ninterface Price {\n  readonly nanos: bigint;\n}\n\nit('prices', () => {\n  const price: Price = { nanos: 1n };\n  expect(price.nanos).toBe(2n);\n});\n`,
    'throws-at-load.spec.ts': `${globals}\nit('never runs', () => undefined);\nthrow new Error('at load');\n`,
    'no-such-module.spec.ts': `import './nowhere.ts';\n${globals}\nit('never runs', () => undefined);\n`,
    'no-such-export.spec.ts': `import { heard } from './good.spec.ts';\n${globals}\nit('never runs', () => expect(heard).toBe(1));\n`,
    'syntax.spec.ts': `${globals}\nit('never runs', () => { const = 1; });\n`,
    'empty.spec.ts': 'export {};\n',
    'rejects.spec.ts': `${globals}\nit('leaves a rejection', async () => {\n  void Promise.reject(new Error('nobody listens'));\n  await new Promise((resolve) => setImmediate(resolve));\n});\n`,
    'good.spec.ts': `${globals}\nit('passes', () => expect(1).toBe(1));\n`,
  });
  let ran: ReturnType<Planted['run']>;
  beforeAll(() => {
    ran = planted.run();
  }, 120_000);
  afterAll(() => planted.close());

  it('fails the run, and no other file', () => {
    expect(ran).toMatchObject({ code: 1, success: false, numPassedTests: 1, numFailedTests: 2, numRuntimeErrorTestSuites: 5 });
    expect(ran.messages['good.spec.ts']).toBe('');
  });

  it.each([
    ['fails.spec.ts', 'fails.spec.ts:9:'],
    ['throws-at-load.spec.ts', 'throws-at-load.spec.ts:4:'],
    ['no-such-module.spec.ts', 'nowhere.ts'],
    ['no-such-export.spec.ts', "does not provide an export named 'heard'"],
    ['syntax.spec.ts', 'syntax.spec.ts:3:'],
    ['empty.spec.ts', 'must contain at least one test'],
    ['rejects.spec.ts', 'rejects.spec.ts:4:'],
  ])('%s says %s', (name, said) => {
    expect(ran.messages[name]).toContain(said);
  });
});
