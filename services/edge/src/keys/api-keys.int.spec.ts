import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readModel, rebuild } from '@tollwire/event-store';
import { aggregatesIn, type EdgeBed, edgeBed } from '../spec-bed.ts';
import { apiKeyList } from './api-key-list.ts';
import { apiKeysOf } from './api-keys.ts';
import { newKey } from './secret.ts';

describe('API keys in the database', () => {
  let edge: EdgeBed;
  beforeAll(async () => {
    edge = await edgeBed();
  });
  afterAll(() => edge.close());

  const instance = () => apiKeysOf({ database: edge.database, keys: aggregatesIn(edge).apiKeys, clock: edge.clock, adminKey: 'x'.repeat(16) });
  const issue = async (name: string) => {
    const key = newKey();
    await instance().handle(key.keyId, { type: 'Issue', name, role: 'switch', resellerId: 0, digest: key.digest, by: 'admin:a', at: edge.clock.nowUs() });
    return key;
  };
  const revoke = (keyId: string) => instance().handle(keyId, { type: 'Revoke', by: 'admin:b', at: edge.clock.nowUs() });

  it('are the same when they are folded anew from their events', async () => {
    const first = await issue('one');
    edge.clock.advanceSec(60);
    await issue('two');
    await revoke(first.keyId);
    const live = await instance().list();
    expect(live.map(({ name, revokedBy }) => [name, revokedBy])).toEqual([['one', 'admin:b'], ['two', null]]);
    expect(await rebuild(edge.database, readModel(apiKeyList))).toBe(3);
    expect(await instance().list()).toEqual(live);
  });

  it('are revoked once by many who try at a time', async () => {
    const { keyId } = await issue('three');
    const answers = await Promise.all(Array.from({ length: 5 }, () => revoke(keyId)));
    expect(answers.every(({ ok }) => ok)).toBe(true);
    const events = await edge.database.query('SELECT type FROM event WHERE stream = $1 ORDER BY version', [`api-key-${keyId}`]);
    expect(events).toEqual([{ type: 'ApiKeyIssued' }, { type: 'ApiKeyRevoked' }]);
  });

  it('stop opening another instance within five seconds after they are revoked', async () => {
    const other = instance();
    const { keyId, token } = await issue('four');
    expect(await other.ring.holderOf(`Bearer ${token}`)).toMatchObject({ keyId, role: 'switch' });
    await revoke(keyId);
    edge.clock.advanceSec(5);
    expect(await other.ring.holderOf(`Bearer ${token}`)).toBeUndefined();
  });

  it('cannot be rewritten in their history by the service itself', async () => {
    await expect(edge.database.query(`UPDATE event SET type = 'ApiKeyIssued'`, [])).rejects.toThrow(/permission denied/);
    await expect(edge.database.query('DELETE FROM event', [])).rejects.toThrow(/permission denied/);
    await expect(edge.database.query('DELETE FROM import_row_error', [])).rejects.toThrow(/permission denied/);
  });

  it('are named after somebody, with a role that there is, by the table itself', async () => {
    const insert = (role: string, reseller: number) =>
      edge.database.query(
        `INSERT INTO api_key (key_id, name, role, reseller_id, digest, issued_by, issued_at) VALUES ('0123456789abcdef', 'n', $1, $2, repeat('a', 64), 'x', now())`,
        [role, reseller],
      );
    await expect(insert('root', 0)).rejects.toThrow(/check constraint/);
    await expect(insert('switch', 7)).rejects.toThrow(/check constraint/);
    await expect(insert('reseller', 0)).rejects.toThrow(/check constraint/);
  });
});
