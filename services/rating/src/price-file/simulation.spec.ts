import { create } from '@bufbuild/protobuf';
import { DeckKind, QuoteReplySchema, QuoteRequestSchema } from '@tollwire/contracts';
import { formatNanos } from '@tollwire/telecom';
import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { quoteBatch } from '../answers/quote-answers.ts';
import { noTables } from '../domain/tables.ts';
import { deckOf, instant, stateOf, termsOf } from '../spec/decks.ts';
import { compile } from '../spread/compile.ts';
import { answersOf, planOf } from './document.fixture.ts';

/** PLAN-02: what a document answers is what the rating service answers whose catalog has the same plan in force. */
it('answers as a live quote does, for a thousand numbers', async () => {
  const rows = [
    ['1', '0.0111', '0', '60/60'], ['12', 'blocked', '0', '1/1'], ['129', '0.02', '0.001', '1/1'], ['2', '0', '0', '1/1'], ['34', '0.10', '0.05', '30/6'], ['346', '0.012', '0', '30/18'],
    ['4', '0.0777', '0.003', '7/13'], ['447', '0.0077', '0', '6/6'], ['4478', 'blocked', '0', '1/1'], ['5', '3.25', '0', '1/60'], ['59', '0.9', '0', '0/6'], ['8', '0.0000001', '0', '1/1'],
  ] as const;
  const deck = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `prefix  rate  connect  increments\n${rows.map((row) => row.join('  ')).join('\n')}`);
  const tables = await compile(stateOf([{ deck }], { sellTerms: [termsOf({ tariffId: 1 })] }), noTables, (error) => { throw error; });
  const digits = fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 3, maxLength: 15 }).map((all) => all.join(''));
  const asked = fc.record({ number: digits, durationSec: fc.nat(4_000) });
  const calls = fc.sample(asked, { numRuns: 1_000, seed: 42 });
  const at = '2024-01-15T12:00:00';

  const plan = { plan: { case: 'tariffId' as const, value: 1 } };
  const items = calls.map(({ number, durationSec }) => ({ plan, e164: number, durationSec, atUs: instant(at) }));
  const live = quoteBatch(create(QuoteRequestSchema, { items }), tables);
  if (!live.ok) throw new Error(live.refusal.code);
  const quoted = create(QuoteReplySchema, live.value).results.map(({ result: { value } }) =>
    value !== undefined && 'code' in value ? value.code : `${value?.sell?.prefix} ${value?.sell?.billedSec} ${formatNanos(value?.sell?.amount?.nanos ?? -1n)}`);

  const rates = rows.map(([prefix, rate, connectFee, increments]) => ({ prefix, increments, connectFee, ...(rate === 'blocked' ? { blocked: true } : { rate }) }));
  const simulated = await answersOf({
    plans: [planOf({ rounding: { decimals: 4 }, rates })],
    // A call of no seconds needs no rate, and a quote asks for one: so each call here has a second.
    calls: calls.map((call, index) => ({ ...call, id: String(index), plan: 'plan', start: at, wantedSec: 604_800 })),
  });
  expect(simulated.map(({ refusal, prefix, billedSec, amount }) => refusal?.code ?? `${prefix} ${billedSec} ${amount}`)).toEqual(quoted);
  expect(new Set(quoted).size).toBeGreaterThan(200);
});
