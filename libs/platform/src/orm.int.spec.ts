import { Migration } from '@mikro-orm/migrations';
import { defineEntity, p } from '@mikro-orm/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Database } from '@tollwire/event-store';
import { testDatabase, type TestDatabase } from '@tollwire/testing';
import { migrate, openOrm } from './orm.ts';
import { tinySchema } from './spec/tiny.flow.ts';

let made: TestDatabase;
let owner: Database;
beforeEach(async () => {
  made = await testDatabase('orm', { leastPrivilege: true });
  owner = await Database.connect({ url: made.ownerUrl, applicationName: 'orm-spec' });
});
afterEach(async () => {
  await owner.close();
  await made.drop();
});

class Broken extends Migration {
  override up(): void {
    this.addSql('create table half_made (id int)');
    this.addSql('create table wrong (');
  }
}

const applied = async () => (await owner.query<{ name: string }>('select name from mikro_orm_migrations order by id')).map(({ name }) => name);
const tables = async () => (await owner.query<{ name: string }>("select tablename as name from pg_tables where schemaname = 'public'")).map(({ name }) => name);

describe('migrating', () => {
  it('happens once, run twice', async () => {
    await migrate(made.ownerUrl, made.appRole, tinySchema);
    await owner.query("insert into closed_call values ('kept')");
    await migrate(made.ownerUrl, made.appRole, tinySchema);
    expect(await applied()).toEqual(['TinyMigration']);
    expect(await owner.query('select * from closed_call')).toEqual([{ call_id: 'kept' }]);
  });

  it('happens once, run by several instances at once', async () => {
    await Promise.all(Array.from({ length: 4 }, () => migrate(made.ownerUrl, made.appRole, tinySchema)));
    expect(await applied()).toEqual(['TinyMigration']);
  });

  it('gives the role its rights and no others', async () => {
    await migrate(made.ownerUrl, made.appRole, tinySchema);
    const app = await Database.connect({ url: made.url, applicationName: 'orm-spec' });
    await app.query("insert into closed_call values ('one')");
    expect(await app.query('select * from closed_call')).toEqual([{ call_id: 'one' }]);
    for (const forbidden of ['delete from closed_call', 'update event set version = 1', 'drop table closed_call', 'create table mine (id int)']) {
      await expect(app.query(forbidden)).rejects.toThrow(/permission denied|must be owner/);
    }
    await app.close();
  });

  it('grants to a role whatever its name', async () => {
    const role = `${made.name}_"o'dd`;
    const quoted = `"${role.replaceAll('"', '""')}"`;
    const admin = await Database.connect({ url: process.env['TOLLWIRE_TEST_PG_URL'] ?? '', applicationName: 'orm-spec' });
    await admin.query(`create role ${quoted}`);
    await migrate(made.ownerUrl, role, tinySchema);
    const [may] = await owner.query("select has_table_privilege($1::name, 'closed_call', 'insert') as may", [role]);
    await made.drop();
    await admin.query(`drop role ${quoted}`);
    await admin.close();
    expect(may).toEqual({ may: true });
  });

  it('does all or nothing: a step that fails leaves no table and no mark, and frees the lock', async () => {
    const broken = { ...tinySchema, migrations: [...tinySchema.migrations, Broken] };
    await expect(migrate(made.ownerUrl, made.appRole, broken)).rejects.toThrow();
    expect(await tables()).not.toContain('closed_call');
    expect(await tables()).not.toContain('half_made');
    await migrate(made.ownerUrl, made.appRole, tinySchema);
    expect(await applied()).toEqual(['TinyMigration']);
  });

  it('goes on from where the database is', async () => {
    await migrate(made.ownerUrl, made.appRole, tinySchema);
    class AddNote extends Migration {
      override up(): void {
        this.addSql('alter table closed_call add note text');
      }
    }
    await migrate(made.ownerUrl, made.appRole, { ...tinySchema, migrations: [...tinySchema.migrations, AddNote] });
    expect(await applied()).toEqual(['TinyMigration', 'AddNote']);
  });
});

describe('the entities of a service', () => {
  it('read what the service has written', async () => {
    const ClosedCall = defineEntity({ name: 'ClosedCall', tableName: 'closed_call', properties: { callId: p.text().primary().fieldName('call_id') } });
    await migrate(made.ownerUrl, made.appRole, tinySchema);
    await owner.query("insert into closed_call values ('one'), ('two')");
    const orm = await openOrm(made.url, { ...tinySchema, entities: [ClosedCall] });
    const found = await orm.em.fork().find(ClosedCall, {}, { orderBy: { callId: 'desc' } });
    await orm.close();
    expect(found.map(({ callId }) => callId)).toEqual(['two', 'one']);
  });
});
