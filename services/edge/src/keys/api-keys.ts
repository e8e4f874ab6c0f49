import type { Clock } from '@tollwire/core';
import { commandHandler, type Database, readModel } from '@tollwire/event-store';
import { apiKey } from '../domain/api-key.ts';
import type { ApiKeys } from '../edge.deps.ts';
import { apiKeyList, type ApiKeyRow, apiKeyStream } from './api-key-list.ts';
import { KeyRing } from './key-ring.ts';

const columns = `key_id AS "keyId", name, role, reseller_id AS "resellerId", digest, issued_by AS "issuedBy",
  to_us(issued_at)::float8 AS "issuedAtUs", revoked_by AS "revokedBy", to_us(revoked_at)::float8 AS "revokedAtUs"`;

/** The API keys of a database, and the one of the configuration. */
export function apiKeysOf(options: { database: Database; root: string; clock: Clock; adminKey: string }): ApiKeys {
  const { database, root, clock, adminKey } = options;
  const keys = commandHandler({ database, root, decider: apiKey, streamOf: apiKeyStream, projections: [readModel(apiKeyList)] });
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
