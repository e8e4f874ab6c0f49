import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import {
  BalanceReplySchema, CardsChangedSchema, DeckKind, DeckListingSchema, FetchDeckChunkReplySchema, ListDeadLettersReplySchema, QuotedSchema, RouteItemSchema,
} from '@tollwire/contracts';
import { jsonOf } from './json-of.ts';

describe('JSON of replies', () => {
  it('tells money exactly, as text', () => {
    const balance = create(BalanceReplySchema, { credit: { nanos: 9_223_372_036_854_775_807n, currency: 'EUR' }, reserved: { nanos: -1n, currency: 'EUR' }, status: 'active' });
    expect(jsonOf(BalanceReplySchema, balance)).toEqual({
      credit: { amount: '9223372036.854775807', currency: 'EUR' },
      reserved: { amount: '-0.000000001', currency: 'EUR' },
      status: 'active',
    });
  });

  it('tells instants to the microsecond, and leaves out what never happened', () => {
    const listing = create(DeckListingSchema, { deck: { kind: DeckKind.RETAIL, ownerId: 3 }, status: 'imported', importedAtUs: 1_773_486_000_000_001n });
    expect(jsonOf(DeckListingSchema, listing)).toEqual({
      deck: { kind: 'retail', ownerId: 3, version: 0, rateCount: 0, chunkCount: 0 },
      status: 'imported',
      importedAt: '2026-03-14T11:00:00.000001Z',
    });
  });

  it('tells a choice as the member that is set', () => {
    expect(jsonOf(RouteItemSchema, create(RouteItemSchema, { plan: { plan: { case: 'tariffId', value: 7 } }, e164: '43' }))).toMatchObject({ plan: { tariffId: 7 } });
    expect(jsonOf(RouteItemSchema, create(RouteItemSchema, { plan: {} }))).toMatchObject({ plan: {} });
  });

  it('tells prices per minute under the name of the price', () => {
    const quoted = create(QuotedSchema, { sell: { ratePerMinNanos: 12_500_000n, connectFeeNanos: 0n }, steps: ['one', 'two'] });
    expect(jsonOf(QuotedSchema, quoted)).toMatchObject({ sell: { ratePerMin: '0.0125', connectFee: '0.00' }, steps: ['one', 'two'] });
  });

  it('tells each step of a price by its kind, with what it came to so far', () => {
    const duration = { line: { case: 'duration' as const, value: { durationSec: 31, billableSec: 36, rules: ['added_grace'] } } };
    const rate = { line: { case: 'rate' as const, value: { lengthSec: 36, rateNanos: 100_000_000n, perSec: 60, incrementSec: 6, exact: '0.06' } }, sum: '0.06' };
    const rounding = { line: { case: 'rounding' as const, value: { decimals: 2, mode: 'up', amountNanos: 60_000_000n } } };
    expect(jsonOf(QuotedSchema, create(QuotedSchema, { derivation: [duration, rate, rounding] }))['derivation']).toEqual([
      { duration: { durationSec: 31, billableSec: 36, rules: ['added_grace'] } },
      { rate: { fromSec: 0, lengthSec: 36, freeSec: 0, rate: '0.10', perSec: 60, incrementSec: 6, exact: '0.06' }, sum: '0.06' },
      { rounding: { decimals: 2, mode: 'up', amount: '0.06' } },
    ]);
  });

  it('has lists and maps even where they are empty, and large counts as numbers', () => {
    const changed = create(CardsChangedSchema, { changedCount: 2, refused: { '001': 'card_expired' } });
    expect(jsonOf(CardsChangedSchema, changed)).toEqual({ changedCount: 2, refused: { '001': 'card_expired' }, unchanged: [] });
    expect(jsonOf(ListDeadLettersReplySchema, create(ListDeadLettersReplySchema))).toEqual({ deadLetters: [] });
    expect(jsonOf(ListDeadLettersReplySchema, create(ListDeadLettersReplySchema, { deadLetters: [{ id: 7n, reason: 'failed' }] }))).toMatchObject({ deadLetters: [{ id: 7, reason: 'failed' }] });
    expect(jsonOf(FetchDeckChunkReplySchema, create(FetchDeckChunkReplySchema, { content: Buffer.from('ab') }))).toEqual({ content: 'YWI=' });
  });
});
