import { describe, it } from '@jest/globals';
import { given, instant } from '@tollwire/testing';
import { apiKey, type ApiKeyCommand, type ApiKeyEvent } from './api-key.ts';

const at = instant('2026-03-01T10:00:00Z');
const later = instant('2026-03-02T10:00:00Z');
const facts = { name: 'vienna', role: 'switch', resellerId: 0, digest: 'ab'.repeat(32), by: 'admin:bootstrap' } as const;
const issue: ApiKeyCommand = { type: 'Issue', ...facts, at };
const issued: ApiKeyEvent = { type: 'ApiKeyIssued', ...facts, issuedAt: at };
const revoked: ApiKeyEvent = { type: 'ApiKeyRevoked', by: 'admin:eve', revokedAt: later };
const revoke: ApiKeyCommand = { type: 'Revoke', by: 'admin:eve', at: later };

describe('API key', () => {
  it('is issued with the digest of its secret', () => {
    given(apiKey, []).when(issue).then([issued]);
  });

  it('is never issued twice, not even after it was revoked', () => {
    given(apiKey, [issued]).when(issue).then({ code: 'api_key_exists' });
    given(apiKey, [issued, revoked]).when(issue).then({ code: 'api_key_exists' });
  });

  it('is revoked once', () => {
    given(apiKey, [issued]).when(revoke).then([revoked]);
    given(apiKey, [issued, revoked]).when(revoke).then([]);
  });

  it('cannot be revoked before it was issued', () => {
    given(apiKey, []).when(revoke).then({ code: 'unknown_api_key' });
  });

  it.each([
    { role: 'reseller', resellerId: 0 },
    { role: 'switch', resellerId: 7 },
  ] as const)('names a reseller exactly when it is a reseller\'s: $role of $resellerId', (wrong) => {
    given(apiKey, []).when({ ...issue, ...wrong }).then({
      code: 'reseller_not_named',
      field: 'resellerId',
      detail: 'A key of the role reseller names its reseller; no other key does.',
    });
  });

  it("may be a reseller's own", () => {
    const own = { role: 'reseller', resellerId: 7 } as const;
    given(apiKey, []).when({ ...issue, ...own }).then([{ ...issued, ...own }]);
  });
});
