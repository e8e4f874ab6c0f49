import { assert } from '@tollwire/core';
import type { ConnectionPool, PooledConnection, Statement } from '@tollwire/event-store';
import { particular } from './particular.ts';
import { insert, insertOne, type Plan, remove, select, update } from './shapes.ts';
import { PostgresError, type Steps, type Store, type Work } from './store.ts';
import type { Row } from './values.ts';

type Answer = { rows: unknown[]; command: string };

interface Asked {
  readonly text: string;
  readonly params: readonly unknown[];
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: Error) => void;
}

/** What goes wrong with the statement that is next. */
export type Mishap =
  | 'none'
  /** The server gives the statement up, and with it the transaction. */
  | 'aborted'
  /** The connection is gone before the statement is carried out. */
  | 'cut'
  /** The connection is gone when it was carried out: nobody hears of it. */
  | 'cut_after';

const plans = new Map<string, Plan>();

/** The plan of a statement. Fails on one that no shape is known of. */
function planOf(text: string): Plan {
  let plan = plans.get(text);
  if (plan !== undefined) return plan;
  const words = text.replace(/\s+/g, ' ').trim();
  plan = particular(words) ?? insert(words) ?? insertOne(words) ?? update(words) ?? remove(words) ?? select(words);
  assert(plan !== undefined, `the simulated PostgreSQL reads the statement (teach it in tools/simulation/postgres): ${words}`);
  plans.set(text, plan);
  return plan;
}

/** One connection as the server sees it: statements one after the other, each answered when somebody steps it. */
export class Session implements PooledConnection {
  readonly owner: string;
  readonly #store: Store;
  readonly #tamper: Tamper;
  readonly #queue: Asked[] = [];
  #work: Work | undefined;
  #steps: Steps | undefined;
  #hasFailed = false;
  #inTransaction = false;
  #state: 'open' | 'cut' | 'released' = 'open';

  constructor(owner: string, store: Store, tamper: Tamper) {
    this.owner = owner;
    this.#store = store;
    this.#tamper = tamper;
  }

  query(statement: Statement | string): Promise<Answer> {
    const asked = typeof statement === 'string' ? { text: statement } : statement;
    return new Promise((resolve, reject) => {
      if (this.#state === 'cut') reject(lost());
      else this.#queue.push({ params: [], ...(asked.values && { params: asked.values }), text: asked.text, resolve, reject });
    });
  }

  release(): void {
    this.#undo();
    this.#state = 'released';
  }

  /** Whether nobody uses it any more. */
  get over(): boolean {
    return this.#state !== 'open';
  }

  /** Whether a statement can go on. */
  get ready(): boolean {
    return this.#queue.length > 0 && this.#work?.blocked !== true;
  }

  /** The text of the statement that is next. */
  get next(): string {
    return this.#queue[0]?.text ?? '';
  }

  /** Carries out the next statement, or as much of it as its locks allow. */
  step(mishap: Mishap = 'none'): void {
    const [asked] = this.#queue;
    if (asked === undefined) return;
    if (mishap === 'cut') return this.cut();
    if (mishap === 'aborted') return this.#fail(asked, new PostgresError('40001', 'could not serialize access, or so the server says'));
    try {
      const answer = this.#carryOut(asked);
      if (answer === undefined) return;
      if (mishap === 'cut_after') return this.cut();
      this.#queue.shift();
      asked.resolve(answer);
    } catch (error) {
      if (!(error instanceof PostgresError)) throw error;
      this.#fail(asked, error);
    }
  }

  /** The connection breaks: the server undoes what is open, and whoever waits for an answer hears of it. */
  cut(): void {
    this.#undo();
    this.#state = 'cut';
    for (const { reject } of this.#queue.splice(0)) reject(lost());
  }

  /** Whoever held it is no more: as cut, with nobody there to hear. */
  abandon(): void {
    this.#queue.length = 0;
    this.cut();
  }

  #carryOut({ text, params }: Asked): Answer | undefined {
    if (text === 'BEGIN') return this.#begin();
    // How statements are planned; here each has one plan.
    if (text.startsWith('SET enable_seqscan = ')) return { rows: [], command: 'SET' };
    if (text === 'COMMIT') return this.#commit();
    if (text === 'ROLLBACK') return this.#end('ROLLBACK');
    if (this.#hasFailed) throw new PostgresError('25P02', 'current transaction is aborted');
    this.#work ??= this.#store.begin();
    if (this.#steps === undefined) {
      const given = this.#tamper.statement({ text, params });
      this.#steps = planOf(given.text)(this.#work, given.params);
    }
    const { done, value } = this.#steps.next();
    if (done !== true) return undefined;
    this.#steps = undefined;
    if (!this.#inTransaction) this.#commit();
    return { rows: this.#tamper.rows(text, value), command: 'SELECT' };
  }

  #begin(): Answer {
    this.#inTransaction = true;
    this.#work = this.#store.begin();
    return { rows: [], command: 'BEGIN' };
  }

  #commit(): Answer {
    if (this.#hasFailed) return this.#end('ROLLBACK');
    this.#work?.commit();
    this.#work = undefined;
    return this.#end('COMMIT');
  }

  #end(command: string): Answer {
    this.#undo();
    return { rows: [], command };
  }

  #undo(): void {
    this.#work?.rollBack();
    this.#work = undefined;
    this.#steps = undefined;
    this.#hasFailed = false;
    this.#inTransaction = false;
  }

  #fail(asked: Asked, error: PostgresError): void {
    this.#queue.shift();
    this.#steps = undefined;
    this.#work?.rollBack();
    this.#work = undefined;
    this.#hasFailed = this.#inTransaction;
    asked.reject(error);
  }
}

/** What a planted bug does to one connection: it may change what a statement says, or what its caller is given. */
export interface Tamper {
  statement(asked: Pick<Asked, 'text' | 'params'>): Pick<Asked, 'text' | 'params'>;
  rows(text: string, rows: Row[]): Row[];
}

/** Nothing planted. */
export const honest: Tamper = { statement: (asked) => asked, rows: (_text, rows) => rows };

function lost(): Error {
  return new Error('Connection terminated unexpectedly');
}

/** The connections of one process to one database, as many as it asks for. */
export class SessionPool implements ConnectionPool {
  readonly #open: (owner: string) => Session;
  readonly #owner: string;

  /** @param open makes a session, which somebody must step. */
  constructor(owner: string, open: (owner: string) => Session) {
    this.#owner = owner;
    this.#open = open;
  }

  async connect(): Promise<PooledConnection> {
    return this.#open(this.#owner);
  }

  async query(statement: Statement | string): Promise<Answer> {
    const session = this.#open(this.#owner);
    try {
      return await session.query(statement);
    } finally {
      session.release();
    }
  }

  async end(): Promise<void> {
    await Promise.resolve();
  }
}
