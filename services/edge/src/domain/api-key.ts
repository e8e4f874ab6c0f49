import { accept, type Decider, type InstantUs, reject, unreachable } from '@tollwire/core';

/** What the holder of a key may do; which routes that is stands in `http/access.ts`. */
export type Role = 'switch' | 'operator' | 'reseller' | 'admin';

/** An order given to one key. The secret itself never comes here: only its digest does. */
export type ApiKeyCommand =
  | {
      readonly type: 'Issue';
      readonly name: string;
      readonly role: Role;
      /** Whose cards a reseller's key may touch; 0 for every other role. */
      readonly resellerId: number;
      /** SHA-256 of the secret, lower-case hex. */
      readonly digest: string;
      readonly by: string;
      readonly at: InstantUs;
    }
  | { readonly type: 'Revoke'; readonly by: string; readonly at: InstantUs };

/** What happened to one key. */
export type ApiKeyEvent =
  | {
      readonly type: 'ApiKeyIssued';
      readonly name: string;
      readonly role: Role;
      readonly resellerId: number;
      readonly digest: string;
      readonly by: string;
      readonly issuedAt: InstantUs;
    }
  | { readonly type: 'ApiKeyRevoked'; readonly by: string; readonly revokedAt: InstantUs };

/** Why an order was not carried out. */
export type ApiKeyRefusal =
  | { readonly code: 'unknown_api_key' }
  | { readonly code: 'api_key_exists' }
  | { readonly code: 'reseller_not_named'; readonly field: 'resellerId'; readonly detail: string };

/** A key that was never issued, that opens doors, or that no longer does. */
export type ApiKey = { readonly status: 'none' } | { readonly status: 'active' } | { readonly status: 'revoked' };

/** The life of an API key: issued once, revoked for good. */
export const apiKey: Decider<ApiKey, ApiKeyCommand, ApiKeyEvent, ApiKeyRefusal> = {
  name: 'api-key',
  initial: { status: 'none' },

  decide(command, key) {
    switch (command.type) {
      case 'Issue':
        return issue(command, key);
      case 'Revoke':
        if (key.status === 'none') return reject({ code: 'unknown_api_key' });
        if (key.status === 'revoked') return accept();
        return accept({ type: 'ApiKeyRevoked', by: command.by, revokedAt: command.at });
      default:
        return unreachable(command);
    }
  },

  evolve(_key, event) {
    switch (event.type) {
      case 'ApiKeyIssued':
        return { status: 'active' };
      case 'ApiKeyRevoked':
        return { status: 'revoked' };
      default:
        return unreachable(event);
    }
  },
};

function issue({ type: _, at: issuedAt, ...facts }: Extract<ApiKeyCommand, { type: 'Issue' }>, key: ApiKey) {
  if (key.status !== 'none') return reject({ code: 'api_key_exists' } as const);
  if ((facts.role === 'reseller') !== (facts.resellerId > 0)) {
    const detail = 'A key of the role reseller names its reseller; no other key does.';
    return reject({ code: 'reseller_not_named', field: 'resellerId', detail } as const);
  }
  return accept({ type: 'ApiKeyIssued', ...facts, issuedAt } as const);
}
