import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fillLock, lockGaps, platformOf } from './lock.ts';
import { plants } from './plants.ts';
import { textRules, texts } from './texts.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tollwire-texts-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function file(name: string, text: string): void {
  mkdirSync(dirname(join(folder, name)), { recursive: true });
  writeFileSync(join(folder, name), text);
}

describe('rules about texts', () => {
  it('each have a plant that proves them', () => {
    const planted = new Set(plants.map(({ rule }) => rule));
    expect(textRules.map(({ name }) => name).filter((name) => !planted.has(name))).toEqual([]);
  });

  it.each(plants.filter(({ rule }) => textRules.some(({ name }) => name === rule)).map((plant) => [plant.rule, plant] as const))(
    '%s fires on its plant, on the line that breaks it',
    (rule, plant) => {
      file(plant.file, plant.text ?? '');
      expect(texts(folder)).toEqual(expect.arrayContaining([expect.objectContaining({ rule, file: plant.file })]));
    },
  );

  it('pass what is generated, installed or binary', () => {
    for (const place of ['libs/x/src/gen', 'libs/x/dist', 'node_modules/x']) file(`${place}/Odd.ts`, '\t \n\n');
    file('docs/picture.sh', '\t\0\t');
    expect(texts(folder)).toEqual([]);
  });
});

describe('the lock file', () => {
  const lock = (packages: object): void => {
    file('package-lock.json', JSON.stringify({ name: 'tollwire', lockfileVersion: 3, packages }));
  };
  const swc = { version: '1.2.3', dev: true, optionalDependencies: { '@swc/core-darwin-arm64': '1.2.3', '@swc/core-linux-x64-gnu': '1.2.3' } };

  it('is complete when every platform has its entry, wherever it lies', () => {
    lock({ 'node_modules/a/node_modules/@swc/core': swc, 'node_modules/@swc/core-darwin-arm64': {}, 'node_modules/a/node_modules/@swc/core-linux-x64-gnu': {} });
    expect(lockGaps(folder)).toEqual([]);
  });

  it('is filled where it has gaps, and nothing else is touched', () => {
    lock({ 'node_modules/@swc/core': swc, 'node_modules/@swc/core-linux-x64-gnu': { version: '1.2.3' } });
    expect(lockGaps(folder)).toHaveLength(1);
    fillLock(folder);
    expect(lockGaps(folder)).toEqual([]);
  });

  it.each([
    ['@bufbuild/buf-linux-armv7', ['linux'], ['arm']],
    ['@swc/core-win32-x64-msvc', ['win32'], ['x64']],
    ['@unrs/resolver-binding-openharmony-arm64', ['openharmony'], ['arm64']],
  ])('%s is for %s on %s', (name, os, cpu) => {
    expect(platformOf(name)).toEqual({ os, cpu });
  });
});
