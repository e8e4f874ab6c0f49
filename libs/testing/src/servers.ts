import { randomBytes } from 'node:crypto';

/**
 * The address in an environment variable that `./tollwire test` sets. A test that needs a server fails when there is
 * none; it never skips.
 */
export function serverUrl(variable: 'TOLLWIRE_TEST_PG_URL' | 'TOLLWIRE_TEST_NATS_URL'): string {
  const url = process.env[variable];
  if (url === undefined || url === '') {
    throw new Error(`${variable} is not set: run this through ./tollwire test, or point it at a server of your own.`);
  }
  return url;
}

/** A name no other suite has, safe as a database name and as a subject token: lower-case letters, digits, `_`. */
export function uniqueName(stem: string): string {
  const safe = stem.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_').slice(0, 24);
  return `t_${safe}_${randomBytes(5).toString('hex')}`;
}
