import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { until } from '@tollwire/testing';
import { atOnce, Database, isTransient, type Sql } from '../index.ts';
import { type Bed, openBed } from '../spec/bed.ts';

describe('Database', () => {
  let bed: Bed;

  beforeAll(async () => {
    bed = await openBed('database', ['CREATE TABLE note (id int PRIMARY KEY, text text)', 'CREATE TABLE small (id int PRIMARY KEY)', 'INSERT INTO small VALUES (1)', 'ANALYZE small']);
  });

  afterAll(() => bed.close());

  const notes = async () => (await bed.database.query<{ id: number }>('SELECT id FROM note ORDER BY id')).map(({ id }) => id);

  it('gives int8 and xid8 as bigint, bytea as Buffer, date as its text', async () => {
    const [row] = await bed.database.query<Record<string, unknown>>(
      `SELECT 9007199254740993::int8 AS big, '7'::xid8 AS xid, '\\x00ff'::bytea AS bytes, '2024-02-29'::date AS day,
         ARRAY[1, 2]::int8[] AS list, ARRAY[]::int8[] AS nothing`,
    );
    expect(row).toEqual({ big: 9007199254740993n, xid: 7n, bytes: Buffer.from([0, 255]), day: '2024-02-29', list: [1n, 2n], nothing: [] });
  });

  it.each([
    ['1970-01-01T00:00:00Z', 0n],
    ['2024-02-29T23:59:59.999999Z', 1709251199999999n],
    ['1969-12-31T23:59:59.999999Z', -1n],
    ['2255-06-05T23:47:34.740991Z', 9007199254740991n],
  ])('converts %s to and from microseconds exactly', async (instant, us) => {
    const [row] = await bed.database.query<Record<string, unknown>>(
      'SELECT to_us($1::timestamptz) AS us, to_us(from_us($2)) AS back, from_us($2) = $1::timestamptz AS same',
      [instant, us],
    );
    expect(row).toEqual({ us, back: us, same: true });
  });

  it('commits what the work did, and rolls back what threw', async () => {
    await bed.database.transaction((tx) => tx.query('INSERT INTO note VALUES ($1, $2)', [1, 'kept']));
    const failing = bed.database.transaction(async (tx) => {
      await tx.query('INSERT INTO note VALUES ($1, $2)', [2, 'undone']);
      throw new Error('the work failed');
    });
    await expect(failing).rejects.toThrow('the work failed');
    expect(await notes()).toEqual([1]);
  });

  it('finds rows by their keys where it is told to, however empty the table was when the statement was planned', async () => {
    const find = 'EXPLAIN (GENERIC_PLAN) SELECT id FROM small WHERE id = ANY($1::int[])';
    const planIn = async (sql: Sql) => (await sql.query<Record<string, string>>(find)).map((row) => row['QUERY PLAN']).join();
    expect(await bed.database.transaction(planIn)).toContain('Seq Scan');
    expect(await bed.database.transaction(planIn, { byKey: true })).toContain('Index');
    expect(await bed.database.query('SHOW enable_seqscan')).toEqual([{ enable_seqscan: 'on' }]);
    expect(await bed.database.query('SHOW enable_seqscan', [], { byKey: true })).toEqual([{ enable_seqscan: 'off' }]);
    expect(await bed.database.together((sql) => sql.query('SHOW enable_seqscan'), { byKey: true })).toEqual([{ enable_seqscan: 'off' }]);
    expect(await bed.database.transaction((tx) => tx.query('SHOW enable_seqscan'))).toEqual([{ enable_seqscan: 'on' }]);
  });

  it('keeps the connection on which a statement failed by itself, and gives up one on which several travelled', async () => {
    const one = await Database.connect({ url: bed.url, applicationName: 'kept', poolMax: 1 });
    const pid = async () => (await one.query<{ pid: number }>('SELECT pg_backend_pid() AS pid'))[0]?.pid;
    const first = await pid();
    await expect(one.query('SELECT 1 / 0')).rejects.toMatchObject({ code: '22012' });
    expect(await pid()).toBe(first);
    await expect(one.together((sql) => sql.query('SELECT 1 / 0'))).rejects.toMatchObject({ code: '22012' });
    expect(await pid()).not.toBe(first);
    await one.close();
  });

  it('writes what several parts of one statement say, or nothing of it', async () => {
    const add = (name: string) => ({ name, text: 'INSERT INTO note SELECT * FROM unnest($1::int[], $2::text[]) RETURNING id', paramCount: 2 });
    const text = atOnce([add('one'), add('two')], 'SELECT 1 / ((SELECT count(*) FROM one) + (SELECT count(*) FROM two) - $1::int) AS whole');
    const params = (wanted: number) => [[11], ['one'], [12, 13], ['two', 'three'], wanted];
    await expect(bed.database.query(text, params(3))).rejects.toMatchObject({ code: '22012' });
    expect(await notes()).toEqual([1]);
    expect(await bed.database.query(text, params(2))).toEqual([{ whole: 1n }]);
    expect(await notes()).toEqual([1, 11, 12, 13]);
    await bed.database.query('DELETE FROM note WHERE id > $1', [10]);
  });

  it('rejects when a statement had failed and the work went on as if it had not', async () => {
    const swallowing = bed.database.transaction(async (tx) => {
      await tx.query('INSERT INTO note VALUES ($1, $2)', [3, 'lost']);
      await tx.query('SELECT 1 / 0').catch((error: unknown) => error);
    });
    await expect(swallowing).rejects.toThrow('not committed but ended by ROLLBACK');
    expect(await notes()).toEqual([1]);
  });

  it('refuses a transaction that is used after its end', async () => {
    const leaked = await bed.database.transaction(async (tx) => ({ tx }));
    await expect(leaked.tx.query('SELECT 1')).rejects.toThrow('only inside of its work');
  });

  it('prepares a statement that comes back, once for each connection', async () => {
    const names = await bed.database.transaction(async (tx) => {
      for (let use = 0; use < 6; use += 1) await tx.query('SELECT $1::int AS often', [use]);
      await tx.query('SELECT $1::int AS once', [1]);
      return await tx.query<{ statement: string }>('SELECT statement FROM pg_prepared_statements');
    });
    const statements = names.map(({ statement }) => statement);
    expect(statements).toContain('SELECT $1::int AS often');
    expect(statements).not.toContain('SELECT $1::int AS once');
  });

  it('prepares a statement again whose first preparing fell into a failed transaction', async () => {
    const one = await Database.connect({ url: bed.url, applicationName: 'spec', poolMax: 1 });
    const text = 'SELECT $1::int + 1 AS next';
    const failed = one.transaction(async (tx) => {
      await tx.query('SELECT 1 / 0').catch((error: unknown) => error);
      await Promise.allSettled([1, 2, 3, 4].map((n) => tx.query(text, [n])));
    });
    await expect(failed).rejects.toThrow('ROLLBACK');
    for (const n of [1, 2]) expect(await one.query(text, [n])).toEqual([{ next: n + 1 }]);
    await one.close();
  });

  it('sends statements together over one connection, each a transaction of its own', async () => {
    const pid = (sql: Sql) => sql.query<{ pid: number; xid: bigint }>('SELECT pg_backend_pid() AS pid, pg_current_xact_id() AS xid');
    const told = await bed.database.together((sql) => Promise.all([pid(sql), pid(sql), pid(sql)]));
    expect(new Set(told.flat().map((row) => row.pid)).size).toBe(1);
    expect(new Set(told.flat().map(({ xid }) => xid)).size).toBe(3);
    await expect(bed.database.together((sql) => Promise.all([sql.query('SELECT 1 / 0'), pid(sql)]))).rejects.toThrow('division by zero');
    expect(await bed.database.query('SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  it('survives the loss of a connection, in use or idle, and calls it transient', async () => {
    const cut = bed.database.transaction(async (tx) => {
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    const error = await cut.catch((reason: unknown) => reason);
    expect(isTransient(error)).toBe(true);
    await until(async () => (await bed.database.query<{ one: number }>('SELECT 1 AS one'))[0]?.one === 1);
  });

  it('is transient when nobody listens at the address', async () => {
    const refused = await Database.connect({ url: 'postgres://nobody@127.0.0.1:1/none', applicationName: 'spec' }).catch((e: unknown) => e);
    expect(isTransient(refused)).toBe(true);
  });
});
