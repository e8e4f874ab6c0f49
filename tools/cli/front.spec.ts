import { execFileSync, spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { commandList } from './front.ts';
import { root } from './project.ts';

describe('the front door', () => {
  it('tells its version', () => {
    const said = execFileSync(process.execPath, ['--conditions=tollwire-source', join(root, 'tools/main.ts'), '--version'], { encoding: 'utf8' });
    expect(said).toMatch(/^tollwire \d+\.\d+\.\d+ on Node \d+\.\d+\.\d+\n$/);
  });

  it('says where all of a command stands to whoever says too little of it', () => {
    const said = spawnSync(process.execPath, ['--conditions=tollwire-source', join(root, 'tools/main.ts'), 'plan'], { encoding: 'utf8' });
    expect([said.status, said.stderr]).toEqual([2, expect.stringMatching(/^tollwire: Say what to do: .*\n\.\/tollwire plan --help tells [^\n]*\n$/)]);
  });

  it('lists the commands, and how another person asks', async () => {
    const list = await commandList();
    expect(list).toMatch(/First steps\n[^]* demo [^]*Daily work\n[^]* up [^]*Using it\n[^]* card [^]*TOLLWIRE_URL[^]*TOLLWIRE_API_KEY/);
  });
});
