import { createHash } from 'node:crypto';
import { mkdirSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The repository's folder. */
export const root = resolve(dirname(fileURLToPath(import.meta.url)), '../..');

/** Everything that the front door makes lives here: installed servers, data, logs, secrets. Not under version control. */
export const home = resolve(process.env['TOLLWIRE_HOME'] ?? join(root, '.tollwire'));

/** The services, in the order in which a reader meets them on a call's way. */
export const serviceNames = ['edge', 'card', 'rating', 'routing', 'catalog', 'cdr'] as const;
export type ServiceName = (typeof serviceNames)[number];

/** A short name for this clone, so that what two clones leave in a shared place (Docker) never meets. */
export const cloneId = createHash('sha256').update(root).digest('hex').slice(0, 8);

/** A folder under `.tollwire`, made when missing. */
export function homeFolder(...parts: string[]): string {
  const folder = join(home, ...parts);
  mkdirSync(folder, { recursive: true });
  return folder;
}
