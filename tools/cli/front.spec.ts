import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from './project.ts';

const front = (...args: string[]) => execFileSync(process.execPath, ['--conditions=tollwire-source', join(root, 'tools/main.ts'), ...args], { encoding: 'utf8' });

describe('the front door', () => {
  it('tells its version', () => {
    expect(front('--version')).toMatch(/^tollwire \d+\.\d+\.\d+ on Node \d+\.\d+\.\d+\n$/);
  });

  it('lists the commands, and how another person asks', () => {
    expect(front('--help')).toMatch(/ card [^]*TOLLWIRE_URL[^]*TOLLWIRE_API_KEY/);
  });
});
