import type { EntitySchema } from '@mikro-orm/core';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database } from '@tollwire/event-store';
import { migrate, openOrm } from '@tollwire/platform';
import { type TestDatabase, testDatabase } from '@tollwire/testing';
import { ApiKeyEntity, entities, ImportRowErrorEntity } from '../entities/edge.entities.ts';
import { schema } from './index.ts';

const snakeOf = (name: string) => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
const keyId = '0123456789abcdef';

describe("the edge's database", () => {
  let testDb: TestDatabase;
  let owner: Database;
  let service: Database;
  beforeAll(async () => {
    testDb = await testDatabase('edge-schema', { leastPrivilege: true });
    await migrate(testDb.ownerUrl, testDb.appRole, schema);
    owner = await Database.connect({ url: testDb.ownerUrl, applicationName: 'schema' });
    service = await Database.connect({ url: testDb.url, applicationName: 'schema-service' });
    await service.query(
      `INSERT INTO api_key (key_id, name, role, reseller_id, digest, issued_by, issued_at) VALUES ($1, 'ann', 'reseller', 7, repeat('a', 64), 'admin:b', now())`,
      [keyId],
    );
    await service.query(
      `INSERT INTO import_row_error (import_id, format, line, code, detail, row_text, imported_by, refused_at)
       VALUES ('f', 'asterisk_csv', 9007199254740993, 'cdr_malformed', '', 'x', 'switch:s', '2026-03-14T12:00:00Z')`,
    );
    await service.query(`INSERT INTO import_queue (subject, event_count, payload) VALUES ('s', 1, 'x')`);
    await service.query(`INSERT INTO number_rules (switch_id, trunk, rules, set_by, set_at) VALUES ('madrid', '', '{}', 'admin:b', now())`);
  });
  afterAll(async () => {
    await Promise.all([owner.close(), service.close()]);
    await testDb.drop();
  });

  it('is made once, however often it is migrated, by several at once', async () => {
    const again = () => migrate(testDb.ownerUrl, testDb.appRole, schema);
    await Promise.all([again(), again()]);
    expect(await owner.query('SELECT name FROM api_key')).toEqual([{ name: 'ann' }]);
  });

  it('can be read through its entities by the service', async () => {
    const orm = await openOrm(testDb.url, schema);
    try {
      const all: readonly EntitySchema[] = entities;
      for (const entity of all) expect(await orm.em.fork().count(entity)).toBe(1);
      expect(await orm.em.fork().findOneOrFail(ApiKeyEntity, keyId)).toMatchObject({ name: 'ann', role: 'reseller', resellerId: 7, issuedBy: 'admin:b', revokedAt: null });
      const row = await orm.em.fork().findOneOrFail(ImportRowErrorEntity, { importId: 'f' });
      expect(row).toMatchObject({ format: 'asterisk_csv', code: 'cdr_malformed', field: null, rowText: 'x', importedBy: 'switch:s' });
      expect([String(row.line), row.refusedAt.toISOString()]).toEqual(['9007199254740993', '2026-03-14T12:00:00.000Z']);
    } finally {
      await orm.close();
    }
  });

  it('has an entity for each of its tables, with all of its columns', async () => {
    const columns = await owner.query<{ table: string; name: string }>(
      `SELECT table_name AS table, column_name AS name FROM information_schema.columns
       WHERE table_schema = current_schema() AND table_name IN ('api_key', 'import_row_error', 'import_queue', 'number_rules')`,
    );
    const all: readonly EntitySchema[] = entities;
    const mapped = all.flatMap(({ meta }) => Object.keys(meta.properties).map((name) => `${meta.tableName}.${snakeOf(name)}`));
    expect(mapped.sort()).toEqual(columns.map(({ table, name }) => `${table}.${name}`).sort());
  });

  it.each([
    ['a key id that is none', `UPDATE api_key SET key_id = 'X'`, /api_key_key_id_check/],
    ['a key without a holder', `UPDATE api_key SET name = ''`, /api_key_name_check/],
    ['a secret instead of its digest', `UPDATE api_key SET digest = 'secret'`, /api_key_digest_check/],
    ['a revocation by nobody', 'UPDATE api_key SET revoked_at = now()', /api_key_check/],
    ['a row before the first one', `INSERT INTO import_row_error (import_id, format, line, code, detail, row_text, imported_by, refused_at)
      VALUES ('f', 'x', 0, 'c', '', '', 'b', now())`, /import_row_error_line_check/],
    ['a queue of nothing', `INSERT INTO import_queue (subject, event_count, payload) VALUES ('s', 0, 'x')`, /import_queue_event_count_check/],
    ['a line of a file twice', `INSERT INTO import_row_error (import_id, format, line, code, detail, row_text, imported_by, refused_at)
      VALUES ('f', 'x', 9007199254740993, 'c', '', '', 'b', now())`, /import_row_error_import_id_line_key/],
  ])('refuses %s', async (_, sql, error) => {
    await expect(service.query(sql)).rejects.toThrow(error);
  });

  it.each(['UPDATE import_row_error SET code = NULL', 'TRUNCATE api_key', 'DROP TABLE api_key', 'CREATE TABLE mine (id int)'])('does not let the service %s', async (sql) => {
    await expect(service.query(sql)).rejects.toThrow(/permission denied|must be owner/);
  });
});
