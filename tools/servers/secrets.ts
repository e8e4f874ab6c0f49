import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { home, homeFolder, serviceNames } from '../cli/project.ts';
import { Stop } from '../cli/stop.ts';

const service = z.enum(serviceNames);
const natsUsers = [...serviceNames, 'adapter', 'operator'] as const;

const schema = z.object({
  /** PostgreSQL's administrator. */
  postgres: z.string().min(1),
  /** Owns the tables and migrates them. */
  owner: z.record(service, z.string()),
  /** Reads and writes rows, nothing else. */
  app: z.record(service, z.string()),
  nats: z.record(z.enum(natsUsers), z.string()),
  /** The API key that may do everything; the first thing an operator needs. */
  edgeAdminKey: z.string().min(16),
  /** What card keeps PINs under; with another one every PIN is void. */
  cardPinKey: z.string().min(32),
});

/** The generated passwords of this clone. */
export type Secrets = z.infer<typeof schema>;
export type NatsUser = (typeof natsUsers)[number];

/** The secrets of this clone, made at the first call and kept in a file that only its owner may read. */
export function secrets(file = join(home, 'secrets.json')): Secrets {
  if (existsSync(file)) {
    const written: unknown = JSON.parse(readFileSync(file, 'utf8'));
    const known = schema.safeParse(written);
    if (known.success) return known.data;
    const before = schema.omit({ cardPinKey: true }).safeParse(written);
    if (before.success) return keep(file, { ...before.data, cardPinKey: password() });
    throw new Stop(`${file} is not what this version wrote; ./tollwire down, remove the .tollwire folder, and start again.`);
  }
  if (file.startsWith(home)) homeFolder();
  return keep(file, generate());
}

function keep(file: string, made: Secrets): Secrets {
  writeFileSync(`${file}.new`, `${JSON.stringify(made, null, 2)}\n`, { mode: 0o600 });
  renameSync(`${file}.new`, file);
  return made;
}

function generate(): Secrets {
  return schema.parse({
    postgres: password(),
    owner: Object.fromEntries(serviceNames.map((name) => [name, password()])),
    app: Object.fromEntries(serviceNames.map((name) => [name, password()])),
    nats: Object.fromEntries(natsUsers.map((name) => [name, password()])),
    edgeAdminKey: `tw_admin_${randomBytes(24).toString('base64url')}`,
    cardPinKey: password(),
  });
}

/** Begins with a letter: a NATS configuration takes a value from the environment for a number when it looks like one. */
function password(): string {
  return `p${randomBytes(18).toString('hex')}`;
}
