import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { readFrom } from './logs.ts';
import { splitArguments } from './test.ts';
import { countsOf } from './testing/jest.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollwire-logs-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('./tollwire test', () => {
  it.each([
    [[], ['unit', 'int', 'e2e'], []],
    [['unit'], ['unit'], []],
    [['unit', 'int', 'libs/core', '-t', 'unit'], ['unit', 'int'], ['libs/core', '-t', 'unit']],
    [['libs/core'], ['unit', 'int', 'e2e'], ['libs/core']],
  ])('takes %j apart', (args, chosen, rest) => {
    expect(splitArguments(args)).toEqual({ chosen, rest });
  });

  it('ends with the plain counts', () => {
    expect(countsOf({ passed: 12, failed: 0, succeeded: true })).toBe('12 passed, 0 failed');
  });
});

describe('./tollwire logs', () => {
  const file = join(folder, 'card.log');

  it('reads whole lines, and goes on where it ended', () => {
    writeFileSync(file, 'one\ntwo\nthr');
    const first = readFrom(file, -1_000);
    expect(first.lines).toEqual(['one', 'two']);
    appendFileSync(file, 'ee\n');
    expect(readFrom(file, first.end).lines).toEqual(['three']);
  });

  it('begins anew when the file was emptied, and bears one that is not there', () => {
    writeFileSync(file, 'new\n');
    expect(readFrom(file, 1_000).lines).toEqual(['new']);
    expect(readFrom(join(folder, 'none.log'), -10)).toEqual({ lines: [], end: 0 });
  });
});
