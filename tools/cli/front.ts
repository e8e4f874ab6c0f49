import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { root } from './project.ts';

/** What the list of commands ends with: who asks, and whom. */
export const environmentHelp = `Commands under "Using it" ask the services of this clone with the operator's own key; another person, or another door, takes both of
  TOLLWIRE_URL      the HTTP door, such as http://127.0.0.1:8480
  TOLLWIRE_API_KEY  the key of who asks (POST /v1/api-keys makes one)

Exit codes: 0 done, 1 refused or something found, 2 a command line that cannot be read. ./tollwire --version tells the version.
`;

/** The version of this clone, and of the Node that runs it. */
export function versionLine(): string {
  const { version } = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));
  return `tollwire ${version} on Node ${process.versions.node}\n`;
}
