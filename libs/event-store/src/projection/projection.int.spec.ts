import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { append, type Projection, readModel, rebuild } from '../index.ts';
import { type Bed, openBed } from '../spec/bed.ts';

type RateEvent =
  | { type: 'RateSet'; prefix: string; from: string; row: Partial<RateRow> }
  | { type: 'RateWithdrawn'; prefix: string; from: string }
  | { type: 'Noted' };

interface RateRow {
  readonly prefix: string;
  readonly from: string;
  readonly perMinNanos: bigint | null;
  readonly incrementSec: number | null;
  readonly blocked: boolean | null;
  readonly deckId: string | null;
  readonly price: string | null;
  readonly share: number | null;
  readonly setAtUs: number | null;
  readonly terms: unknown;
}

const table = `CREATE TABLE rate (
  prefix text, valid_from date, per_min bigint, increment smallint, blocked boolean, deck uuid, price numeric, share float8,
  set_at timestamptz, terms jsonb, PRIMARY KEY (prefix, valid_from))`;

const empty = { perMinNanos: null, incrementSec: null, blocked: null, deckId: null, price: null, share: null, setAtUs: null, terms: null };

const rates: Projection<RateRow, RateEvent> = {
  name: 'rates',
  table: 'rate',
  streamPrefix: 'deck-',
  columns: {
    prefix: 'prefix text',
    from: 'valid_from date',
    perMinNanos: 'per_min bigint',
    incrementSec: 'increment smallint',
    blocked: 'blocked boolean',
    deckId: 'deck uuid',
    price: 'price numeric',
    share: 'share float8',
    setAtUs: 'set_at instant_us',
    terms: 'terms jsonb',
  },
  key: ['prefix', 'from'],
  keyOf: ({ event }) => (event.type === 'Noted' ? undefined : [event.prefix, event.from]),
  evolve(row, { event }) {
    if (event.type !== 'RateSet') return undefined;
    return { ...(row ?? { ...empty, prefix: event.prefix, from: event.from }), ...event.row };
  },
};

describe('Projection', () => {
  let bed: Bed;
  const model = readModel(rates);

  beforeAll(async () => {
    bed = await openBed('projection', [table]);
  });

  afterAll(() => bed.close());

  const versions = new Map<string, number>();
  const happen = (stream: string, ...events: RateEvent[]) =>
    bed.database.transaction(async (tx) => {
      const expectedVersion = versions.get(stream) ?? 0;
      versions.set(stream, expectedVersion + events.length);
      await model.apply(tx, await append<RateEvent>(tx, [{ stream, expectedVersion, events }]));
    });
  const set = (prefix: string, from: string, row: Partial<RateRow> = {}): RateEvent => ({ type: 'RateSet', prefix, from, row });
  const rows = () => bed.database.query<Record<string, unknown>>('SELECT *, to_us(set_at) AS us FROM rate ORDER BY prefix, valid_from');

  it('keeps every kind of column exactly, and nothing as NULL', async () => {
    const full = {
      perMinNanos: 9_007_199_254_740_993n,
      incrementSec: 6,
      blocked: true,
      deckId: '018f0000-0000-7000-8000-000000000001',
      price: '0.012345678901234567890',
      share: 0.1,
      setAtUs: 1_760_000_000_123_456,
      terms: { nanos: 5n, text: '5n', list: [null, 'a "quoted" one'] },
    };
    await happen('deck-1', set('49', '2025-01-01', full), set('49', '2025-02-01'), { type: 'Noted' });
    const [first, second] = await rows();
    expect(first).toMatchObject({
      prefix: '49', valid_from: '2025-01-01', per_min: full.perMinNanos, increment: 6, blocked: true, deck: full.deckId,
      price: full.price, share: 0.1, us: 1_760_000_000_123_456n, terms: { nanos: '5n', text: '~5n', list: [null, 'a "quoted" one'] },
    });
    expect(Object.values(second ?? {}).filter((value) => value === null)).toHaveLength(9);
  });

  it('folds on from the row that is stored, as from the row that it has just made', async () => {
    await happen('deck-1', set('49', '2025-01-01', { share: 0.5 }));
    const [row] = await rows();
    expect(row).toMatchObject({ per_min: 9_007_199_254_740_993n, share: 0.5, us: 1_760_000_000_123_456n, terms: { nanos: '5n', text: '~5n' } });
  });

  it('removes a row, and one that came and went in the same batch', async () => {
    await happen('deck-2', set('33', '2025-01-01'), { type: 'RateWithdrawn', prefix: '33', from: '2025-01-01' }, set('34', '2025-01-01'));
    await happen('deck-2', { type: 'RateWithdrawn', prefix: '34', from: '2025-01-01' });
    expect((await rows()).map(({ prefix }) => prefix)).toEqual(['49', '49']);
  });

  it('takes no notice of other streams', async () => {
    await happen('decks-of-others', set('99', '2025-01-01'));
    expect((await rows()).map(({ prefix }) => prefix)).toEqual(['49', '49']);
  });

  it('rebuilds over many pages to what it was', async () => {
    const many = Array.from({ length: 7000 }, (_unused, n) => set(String(n % 2500), '2026-01-01', { perMinNanos: BigInt(n) }));
    await happen('deck-3', ...many);
    const live = await rows();
    await bed.database.query('DELETE FROM rate');
    expect(await rebuild(bed.database, model)).toBeGreaterThan(7000);
    expect(await rows()).toEqual(live);
  });
});
