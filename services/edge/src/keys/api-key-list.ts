import type { Projection } from '@tollwire/event-store';
import { present, unreachable } from '@tollwire/core';
import type { ApiKeyEvent, Role } from '../domain/api-key.ts';

/** What the table knows of a key. */
export interface ApiKeyRow {
  readonly keyId: string;
  readonly name: string;
  readonly role: Role;
  readonly resellerId: number;
  readonly digest: string;
  readonly issuedBy: string;
  readonly issuedAtUs: number;
  readonly revokedBy: string | null;
  readonly revokedAtUs: number | null;
}

/** What the name of a key's stream begins with. */
export const apiKeyStreamPrefix = 'api-key-';

/** The keys that were issued, and whether they still open doors. */
export const apiKeyList: Projection<ApiKeyRow, ApiKeyEvent> = {
  name: 'api-key-list',
  table: 'api_key',
  streamPrefix: apiKeyStreamPrefix,
  columns: {
    keyId: 'key_id text',
    name: 'name text',
    role: 'role text',
    resellerId: 'reseller_id int',
    digest: 'digest text',
    issuedBy: 'issued_by text',
    issuedAtUs: 'issued_at instant_us',
    revokedBy: 'revoked_by text',
    revokedAtUs: 'revoked_at instant_us',
  },
  key: ['keyId'],
  keyOf: ({ stream }) => [stream.slice(apiKeyStreamPrefix.length)],
  evolve(row, { stream, event }) {
    switch (event.type) {
      case 'ApiKeyIssued': {
        const { name, role, resellerId, digest, by: issuedBy, issuedAt: issuedAtUs } = event;
        const holder = { keyId: stream.slice(apiKeyStreamPrefix.length), name, role, resellerId, digest };
        return { ...holder, issuedBy, issuedAtUs, revokedBy: null, revokedAtUs: null };
      }
      case 'ApiKeyRevoked':
        return { ...present(row, 'the key that is revoked'), revokedBy: event.by, revokedAtUs: event.revokedAt };
      default:
        return unreachable(event);
    }
  },
};
