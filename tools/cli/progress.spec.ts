import { describe, expect, it } from '@jest/globals';
import { until } from '@tollwire/testing';
import { columns } from './paint.ts';
import { progressLine } from './progress.ts';

function screen(isTTY: boolean) {
  const written: string[] = [];
  return { isTTY, written, write: (text: string) => void written.push(text) };
}

describe('a progress line', () => {
  it('stays silent when the work is done within a second', () => {
    const output = screen(true);
    progressLine('Building', output).end('done');
    expect(output.written).toEqual([]);
  });

  it('is rewritten in place on a terminal, with the detail and the seconds', async () => {
    const output = screen(true);
    const line = progressLine('Starting', output, 2);
    line.note('waiting for card');
    await until(() => output.written.length > 0);
    line.end('done');
    expect(output.written[0]).toBe('\r\u001b[KStarting · waiting for card … 0 s');
    expect(output.written.at(-1)).toMatch(/^\r\u001b\[KStarting: done in 0\.\d s\n$/);
  });

  it('is a plain line elsewhere, and not one each moment', async () => {
    const output = screen(false);
    const line = progressLine('Starting', output, 2);
    await until(() => output.written.length > 0);
    line.end('failed');
    expect(output.written).toEqual(['Starting … 0 s\n', expect.stringMatching(/^Starting: failed in 0\.\d s\n$/)]);
  });
});

describe('columns', () => {
  it('are as wide as they must be, numbers to the right', () => {
    const text = columns(['part', 'restarts'], [['edge', '0'], ['postgres', '12']]);
    expect(text.split('\n').slice(1)).toEqual(['edge             0', 'postgres        12']);
  });
});
