import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { present } from '@tollwire/core';
import type { Connection } from '@tollwire/event-store';
import { table, testDatabase } from '@tollwire/testing';
import pg from 'pg';
import { settled } from '../scheduler.ts';
import { honest, Session } from './session.ts';
import { Store } from './store.ts';

/** Tables of which the model knows the keys, as far as these statements need them. */
const schema = [
  'CREATE TABLE account_code (code text PRIMARY KEY, customer_id text)',
  'CREATE TABLE reservation (call_key text PRIMARY KEY, amount bigint NOT NULL CHECK (amount >= 0), max_duration_sec int NOT NULL DEFAULT 1, state text)',
];

const setAmounts = 'UPDATE reservation a SET amount = n.amount FROM unnest($1::text[], $2::bigint[]) AS n (call_key, amount) WHERE a.call_key = n.call_key';
const claim = 'INSERT INTO account_code (code, customer_id) SELECT code, customer FROM unnest($1::text[], $2::text[]) AS c (code, customer)';

const statements: Readonly<Record<string, { text: string; values?: unknown[] }>> = {
  begin: { text: 'BEGIN' },
  commit: { text: 'COMMIT' },
  rollback: { text: 'ROLLBACK' },
  'lock 1': { text: 'SELECT call_key, amount FROM reservation WHERE call_key = ANY($1::text[]) ORDER BY call_key FOR UPDATE', values: [['1']] },
  'lock 2': { text: 'SELECT call_key, amount FROM reservation WHERE call_key = ANY($1::text[]) ORDER BY call_key FOR UPDATE', values: [['2']] },
  'skip 1': { text: 'SELECT * FROM reservation WHERE call_key = $1 FOR UPDATE SKIP LOCKED', values: ['1'] },
  'read all': { text: 'SELECT call_key, amount, state FROM reservation ORDER BY call_key' },
  'lock open': { text: "SELECT call_key, amount FROM reservation WHERE state = 'open' ORDER BY call_key FOR UPDATE" },
  'close 1': { text: 'UPDATE reservation SET state = $2 WHERE call_key = ANY($1::text[]) AND state = \'open\'', values: [['1'], 'settled'] },
  'set 1 to 9, if it is kept': { text: `${setAmounts} AND a.state IN ('open', 'expired')`, values: [['1'], [9n]] },
  'set 1 to 7': { text: setAmounts, values: [['1'], [7n]] },
  'set 2 to 8': { text: setAmounts, values: [['2'], [8n]] },
  'set 1 to -1': { text: setAmounts, values: [['1'], [-1n]] },
  'claim x': { text: claim, values: [['x'], ['me']] },
  'claim x, if free': { text: `${claim} ON CONFLICT (code) DO NOTHING RETURNING code`, values: [['x'], ['you']] },
  'see x': { text: 'SELECT code, customer_id FROM account_code WHERE code = ANY($1::text[])', values: [['x']] },
  'delete 1': { text: 'DELETE FROM reservation WHERE call_key = $1', values: ['1'] },
};

/** One of two connections, and the wait until what it was asked is answered or waits for a lock. */
interface Side {
  readonly connection: Connection;
  goOn(isAnswered: () => boolean): Promise<void>;
}

/** What two connections say, `a` and `b` in turn, and what each statement comes to. */
async function transcript(script: string, open: () => Promise<Side[]>): Promise<string[]> {
  const both = await open();
  const answers: Promise<string>[] = [];
  for (const line of script.split(' · ')) {
    const [who, what] = [line.slice(0, 1), line.slice(2)];
    const side = present(both[who === 'a' ? 0 : 1], 'a or b');
    const asked = side.connection.query(present(statements[what], `the statement "${what}"`));
    let isAnswered = false;
    const answer = asked.then(({ rows, command }) => `${line}: ${shown(rows, command)}`, (error: unknown) => `${line}: ${codeOf(error)}`);
    answers.push(answer.finally(() => (isAnswered = true)));
    await side.goOn(() => isAnswered);
  }
  return await Promise.all(answers);
}

const shown = (rows: readonly unknown[], command: string): string =>
  rows.length > 0 ? rows.map((row) => Object.values(row ?? {}).map(String).join(' ')).join(', ') : /^(COMMIT|ROLLBACK|BEGIN)$/.test(command) ? command : 'nothing';
const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : String(error));

describe('the model of PostgreSQL, beside the real one', () => {
  let url: string;
  let drop: () => Promise<void>;
  const clients: pg.Client[] = [];
  beforeAll(async () => {
    const made = await testDatabase('simulated-locks');
    url = made.url;
    drop = made.drop;
    const client = await connect();
    for (const statement of schema) await client.query(statement);
  });
  afterAll(async () => {
    await Promise.all(clients.map((client) => client.end()));
    await drop();
  });

  async function connect(): Promise<pg.Client> {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    clients.push(client);
    return client;
  }

  async function real() {
    const [a, b] = [await connect(), await connect()];
    await a.query('TRUNCATE account_code, reservation');
    await a.query("INSERT INTO reservation (call_key, amount, state) VALUES ('1', 5, 'open'), ('2', 6, 'open')");
    const watcher = await connect();
    const waitsForLock = "SELECT wait_event_type = 'Lock' AS waits FROM pg_stat_activity WHERE pid = $1";
    return await Promise.all([a, b].map(async (connection): Promise<Side> => {
      const { rows: [backend] } = await connection.query<{ pid: number }>('SELECT pg_backend_pid() AS pid');
      const goOn = async (isAnswered: () => boolean) => {
        while (!isAnswered()) {
          const { rows: [state] } = await watcher.query<{ waits: boolean }>(waitsForLock, [backend?.pid]);
          if (state?.waits === true) return;
          await settled();
        }
      };
      return { connection, goOn };
    }));
  }

  async function model() {
    const store = new Store(() => 0);
    const work = store.begin();
    for (const [key, amount] of [['1', 5n], ['2', 6n]] as const) work.write('reservation', key, { call_key: key, amount, max_duration_sec: 1, state: 'open' });
    work.commit();
    const both = [new Session('a', store, honest), new Session('b', store, honest)];
    const goOn = async () => {
      for (let ready = both; ready.length > 0; ready = both.filter((session) => session.ready)) for (const session of ready) session.step();
      await settled();
    };
    return both.map((connection) => ({ connection, goOn }));
  }

  it.each(table(`
    what                                       | script
    a lock waits and sees what was committed   | a begin · a set 1 to 7 · b begin · b lock 1 · a commit · b commit
    a lock waits for what is undone            | a begin · a set 1 to 7 · b begin · b lock 1 · a rollback · b commit
    a lock passes what no longer fits          | a begin · a close 1 · b begin · b lock open · a commit · b commit
    a row that is gone is not locked           | a begin · a delete 1 · b begin · b lock 1 · a commit · b read all · b commit
    what is not committed is not seen          | a begin · a set 1 to 7 · b read all · a read all · a commit · b read all
    each statement sees what is committed      | b begin · b read all · a set 1 to 7 · b read all · b commit
    an update waits, and looks again           | a begin · a close 1 · b close 1 · a commit · b read all
    a list waits, and looks again              | a begin · a close 1 · b set 1 to 9, if it is kept · a commit · b read all
    a list changes what still fits             | a begin · a set 1 to 7 · b set 1 to 9, if it is kept · a commit · b read all
    a locked row is skipped                    | a begin · a lock 1 · b begin · b skip 1 · a commit · b commit
    a claim waits for a claim that stands      | a begin · a claim x · b claim x, if free · a commit · b see x
    a claim waits for a claim that is undone   | a begin · a claim x · b claim x, if free · a rollback · b see x
    a claim of what is claimed fails           | a claim x · b claim x · b see x
    a failed transaction goes no further       | a claim x · b begin · b set 2 to 8 · b claim x · b read all · b commit · a read all
    a check fails its transaction              | a begin · a set 1 to -1 · a commit · a read all
    a failed transaction waits for nobody      | a claim x · b begin · b lock 1 · b claim x · a lock 1 · b commit
    one's own writes are seen                  | a begin · a set 1 to 7 · a claim x · a see x · a read all · a rollback · a read all
  `))('$what', async ({ script = '' }) => {
    const said = await transcript(script, model);
    expect(said).toEqual(await transcript(script, real));
  });

  it.each([['the model', model], ['PostgreSQL', real]] as const)('in %s, one of two who wait for each other is given up, and the other goes on', async (_name, open) => {
    const said = await transcript('a begin · b begin · a lock 1 · b lock 2 · a lock 2 · b lock 1', open);
    const ends = said.slice(-2).map((line) => line.split(': ')[1]);
    expect(ends.filter((end) => end === '40P01')).toHaveLength(1);
    expect(ends.filter((end) => end !== '40P01')).toHaveLength(1);
  });
});
