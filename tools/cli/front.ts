import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { commandGroups, loadCommand } from './command.ts';
import { paint } from './paint.ts';
import { root } from './project.ts';

/** What the list of commands ends with: who asks, and whom. */
const environmentHelp = `Commands under "Using it" ask the services of this clone with the operator's own key; another person, or another door, takes both of
  TOLLWIRE_URL      the HTTP door, such as http://127.0.0.1:8480
  TOLLWIRE_API_KEY  the key of who asks (./tollwire key issue makes one)

Exit codes: 0 done, 1 refused or something found, 2 a command line that cannot be read. ./tollwire --version tells the version.
`;

/** All commands with what they do, under their headings. */
export async function commandList(): Promise<string> {
  const parts = await Promise.all(commandGroups().map(async ({ heading, names }) => {
    if (names.length === 0) return '';
    const lines = await Promise.all(names.map(async (name) => `  ${paint('cyan', name.padEnd(13))} ${(await loadCommand(name)).summary}\n`));
    return `\n${heading}\n${lines.join('')}`;
  }));
  return `${paint('bold', './tollwire <command>')}   (each takes --help)\n${parts.join('')}\n${environmentHelp}`;
}

/** The version of this clone, and of the Node that runs it. */
export function versionLine(): string {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return `tollwire ${version} on Node ${process.versions.node}\n`;
}
