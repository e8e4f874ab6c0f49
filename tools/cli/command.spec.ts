import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { commandGroups, loadCommand } from './command.ts';
import { root } from './project.ts';

const folder = mkdtempSync(join(tmpdir(), 'tollwire-commands-'));
beforeAll(() => {
  writeFileSync(join(folder, 'package.json'), '{"type":"module"}');
  writeFileSync(join(folder, 'quote.ts'), "export const summary = 'prices';\nexport const help = '';\nexport const run = async () => 4;\n");
  writeFileSync(join(folder, 'route.ts'), "export const summary = 'routes';\n");
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

describe('the table of commands', () => {
  it('has those whose modules exist, in the order of the list', () => {
    expect(commandGroups(folder).flatMap(({ names }) => names)).toEqual(['quote', 'route']);
    expect(commandGroups().flatMap(({ names }) => names)).toEqual(expect.arrayContaining(['test', 'up', 'down', 'check']));
  });

  it('has every module that there is, so that a merge loses none', () => {
    const modules = readdirSync(join(root, 'tools')).filter((file) => /^[a-z-]+\.ts$/.test(file) && file !== 'main.ts').map((file) => file.slice(0, -3));
    expect(commandGroups().flatMap(({ names }) => names).toSorted()).toEqual(modules.toSorted());
  });

  it('refuses a name that is none, and a file that is no command', async () => {
    await expect(loadCommand('demo', folder)).rejects.toThrow('There is no command "demo"');
    await expect(loadCommand('quotee', folder)).rejects.toMatchObject({ message: 'There is no command "quotee": did you mean quote? ./tollwire alone lists those that there are.', exitCode: 2 });
    await expect(loadCommand('../quote', folder)).rejects.toThrow('There is no command');
    await expect(loadCommand('route', folder)).rejects.toThrow('help');
  });

  it.each(commandGroups().flatMap(({ names }) => names).map((name) => [name]))('%s says what it does and how', async (name) => {
    const { summary, help } = await loadCommand(name);
    expect(summary).toMatch(/^[a-z].{10,}[^.]$/);
    expect(help.trim()).toMatch(new RegExp(`^\\./tollwire ${name}\\b`));
  });
});
