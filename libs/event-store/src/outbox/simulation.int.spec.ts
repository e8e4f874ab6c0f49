import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { enqueueEncoded } from '../index.ts';
import type { DedicatedConnection } from '../sql/connection.ts';
import { type Bed, openBed } from '../spec/bed.ts';
import { StreamInMemory } from '../spec/stream-in-memory.ts';
import { openRelaySession } from './leader.ts';
import { RelayTerm } from './relay-term.ts';

jest.setTimeout(60_000);

type Mishap = 'commit' | 'round' | 'rollBack' | 'purge' | 'wipe' | 'foreign' | 'crash';

describe('Whatever happens to the stream', () => {
  let bed: Bed;
  let connection: DedicatedConnection;

  beforeAll(async () => {
    bed = await openBed('simulation');
    connection = await openRelaySession(bed.database);
  });

  afterAll(async () => {
    await connection.close();
    await bed.close();
  });

  const mishap = fc.record({
    what: fc.constantFrom<Mishap>('commit', 'commit', 'round', 'round', 'rollBack', 'purge', 'wipe', 'foreign', 'crash'),
    size: fc.integer({ min: 1, max: 6 }),
  });

  it('every committed event is in it in the end', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(mishap, { minLength: 4, maxLength: 25 }), async (mishaps) => {
        const world = new World(bed, connection);
        for (const { what, size } of mishaps) await world.happen(what, size);
        await world.settle();
        expect(world.missing()).toEqual([]);
      }),
      { numRuns: 100 },
    );
  });
});

/** An outbox, a stream and the relay between them. */
class World {
  readonly #bed: Bed;
  readonly #connection: DedicatedConnection;
  readonly #stream = new StreamInMemory();
  readonly #committed: string[] = [];
  #term: RelayTerm;

  constructor(bed: Bed, connection: DedicatedConnection) {
    this.#bed = bed;
    this.#connection = connection;
    this.#term = this.#newTerm();
  }

  async happen(what: Mishap, size: number): Promise<void> {
    if (what === 'commit') await this.#commit(size);
    if (what === 'round') await this.#term.round();
    if (what === 'rollBack') this.#stream.rollBack(size);
    if (what === 'purge') this.#stream.purge();
    if (what === 'wipe') this.#stream.wipe();
    if (what === 'foreign') for (let n = 0; n < size; n += 1) this.#stream.takeForeign();
    if (what === 'crash') this.#term = this.#newTerm();
  }

  /** The relay starts anew, as it does in the end, and does what there is to do. */
  async settle(): Promise<void> {
    this.#term = this.#newTerm();
    while ((await this.#term.round()).again);
    await this.#bed.database.query('DELETE FROM outbox_published');
    expect(await this.#bed.database.query('SELECT position FROM outbox_pending')).toEqual([]);
  }

  missing(): string[] {
    const there = new Set(this.#stream.payloads().flatMap((payload) => payload.toString().split(';')));
    return this.#committed.filter((event) => !there.has(event));
  }

  async #commit(size: number): Promise<void> {
    const events = Array.from({ length: size }, () => `event ${this.#committed.push(`event ${this.#committed.length}`) - 1}`);
    await enqueueEncoded(this.#bed.database, events.map((event, n) => ({ subject: `s.${n % 2}`, bytes: Buffer.from(`${event};`) })));
  }

  #newTerm(): RelayTerm {
    return new RelayTerm({ database: this.#bed.database, publisher: this.#stream, service: 'card' }, this.#connection);
  }
}
