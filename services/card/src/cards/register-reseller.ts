import { randomBytes, scrypt } from 'node:crypto';
import type { CodedRefusal, RegisterResellerRequest } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { namedBy } from '../wire/meta.ts';
import { textOf } from '../wire/text.ts';

/** The documented width of the user name. */
const usernameMax = 20;
const passwordMin = 8;
/** Cost of one guess (RFC 7914): about 16 MiB and some tens of milliseconds. */
const cost = { N: 16_384, r: 8, p: 1 } as const;
const hashBytes = 32;

/** Registers a reseller under the name of who does it, and answers the number. The password is kept as a salted scrypt hash, and nowhere else. */
export async function registerReseller(
  { database }: Pick<CardDeps, 'database'>,
  request: RegisterResellerRequest,
): Promise<Result<{ id: number }, CodedRefusal>> {
  const username = textOf(request.username, 'username', usernameMax);
  if (!username.ok) return username;
  if (request.password.length < passwordMin || request.password.length > 128) {
    return refuse({ code: 'field_out_of_range', field: 'password', detail: `Choose a password of ${passwordMin} to 128 characters.` });
  }
  const rows = await database.query<{ resellerid: number }>(
    'INSERT INTO reseller (username, userpass, registered_by) VALUES ($1, $2, $3) ON CONFLICT (username) DO NOTHING RETURNING resellerid',
    [username.value, await passwordHash(request.password), namedBy(request.by)],
  );
  const [row] = rows;
  return row === undefined ? refuse({ code: 'username_taken', field: 'username' }) : ok({ id: row.resellerid });
}

interface ResellerRow {
  readonly resellerId: number;
  readonly username: string;
  readonly registeredAtUs: bigint;
  readonly registeredBy: string;
}

const selectResellers = `
  SELECT resellerid AS "resellerId", username, to_us(registered_at) AS "registeredAtUs", coalesce(registered_by, '') AS "registeredBy" FROM reseller ORDER BY resellerid`;

/** Every reseller, by its number; the first is the own company. Nothing is told of passwords. */
export async function listResellers(sql: Sql): Promise<{ resellers: ResellerRow[] }> {
  return { resellers: await sql.query<ResellerRow>(selectResellers) };
}

/** `scrypt$N$r$p$salt$hash`, salt and hash in base64. */
export function passwordHash(password: string, salt = randomBytes(16)): Promise<string> {
  return new Promise((resolve, reject) => {
    scrypt(password, salt, hashBytes, cost, (error, hash) => {
      if (error === null) resolve(['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$'));
      else reject(error);
    });
  });
}
