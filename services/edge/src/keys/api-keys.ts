import type { Clock } from '@tollwire/core';
import type { Database, HandlerOf } from '@tollwire/event-store';
import type { apiKey } from '../domain/api-key.ts';
import type { ApiKeys } from '../edge.deps.ts';
import type { ApiKeyRow } from './api-key-list.ts';
import { KeyRing } from './key-ring.ts';

const columns = `key_id AS "keyId", name, role, reseller_id AS "resellerId", digest, issued_by AS "issuedBy",
  to_us(issued_at)::float8 AS "issuedAtUs", revoked_by AS "revokedBy", to_us(revoked_at)::float8 AS "revokedAtUs"`;

/** The API keys of a database, and the one of the configuration; `keys` carries out what is ordered of them. */
export function apiKeysOf(options: { database: Database; keys: HandlerOf<typeof apiKey>; clock: Clock; adminKey: string }): ApiKeys {
  const { database, keys, clock, adminKey } = options;
  const find = async (keyId: string) => {
    const [row] = await database.query<ApiKeyRow>(`SELECT ${columns} FROM api_key WHERE key_id = $1`, [keyId]);
    return row === undefined ? undefined : { ...row, revoked: row.revokedAtUs !== null };
  };
  return {
    ring: new KeyRing({ find, clock, adminKey }),
    handle: (keyId, command) => keys.handle(keyId, command),
    list: () => database.query<ApiKeyRow>(`SELECT ${columns} FROM api_key ORDER BY issued_at, key_id`, []),
  };
}
