import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '../cli/project.ts';
import { blockOf, withBlock } from './document.ts';
import { figureOf } from './figures.ts';

const occasion = { machine: { cores: 2, memoryGiB: 24, cpuModel: 'Some CPU' }, loadAverage: 0, at: '2026-11-21T21:13:56.332Z', commit: 'abc1234' };

describe('docs/BENCH.md', () => {
  it('holds the figures as a table, with the machine above it', () => {
    const block = blockOf([figureOf('floor_calls_per_sec', 9200, 'calls/s')], occasion, ['The machine was busy.']);
    expect(block).toContain('Measured on 2 cores, 24 GiB');
    expect(block).toContain('The machine was busy.\n\n| figure | value |');
    expect(block).toContain('| floor_calls_per_sec | 9,200 | calls/s |');
  });

  it('has its block replaced, as often as it is written, and nothing else', () => {
    const document = readFileSync(join(root, 'docs/BENCH.md'), 'utf8');
    const once = withBlock(document, 'new figures');
    expect(withBlock(once, 'new figures')).toBe(once);
    expect(once).toContain('\n\nnew figures\n\n');
    expect(once.split('<!--')[0]).toBe(document.split('<!--')[0]);
    expect(once.split('-->').at(-1)).toBe(document.split('-->').at(-1));
  });

  it('is refused where the markers are gone', () => {
    expect(() => withBlock('# Bench\n', 'figures')).toThrow('has lost its markers');
  });
});
