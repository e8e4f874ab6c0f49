import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readModel, rebuild } from '@tollwire/event-store';
import { instant } from '@tollwire/testing';
import { CallDesk } from '../fixture/callers.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';
import { expireCards } from '../sweeps/expire-cards.ts';
import { forfeitCredit } from '../sweeps/forfeit-credit.ts';
import { cardList } from './card-projections.ts';

let rig: CardRig;
let desk: CallDesk;
let second: CallDesk;
beforeAll(async () => {
  rig = await cardRig('card-life', { callSecMax: 600, graceSec: 60 });
  [desk, second] = [new CallDesk(rig.deps), new CallDesk(rig.second.deps)];
});
afterAll(() => rig.close());

let batches = 0;
async function made(terms: Partial<Parameters<CardRig['operator']['createCardType']>[0]>, quantity = 1): Promise<string[]> {
  const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: 10n * euro, ...terms }));
  return valueOf(await rig.operator.issueCards({ batchId: `life-${(batches += 1)}`, cardTypeId: id, quantity })).cardIds ?? [];
}

let calls = 0;
const verdict = (cardId: string, by = rig.operator) => by.verdict(`fs1/life-${(calls += 1)}/1`, cardId);

describe('an expired card', () => {
  it('CARD-14: comes back with its credit when it is extended', async () => {
    rig.clock.set('2024-01-01T00:00:00Z');
    const card = await rig.operator.activeCard((42n * euro) / 10n, 30);
    rig.clock.set('2024-02-01T00:00:00Z');
    await expireCards(rig.deps, rig.aggregates);
    expect(await verdict(card)).toBe('card_expired');
    const until = instant('2024-03-02T00:00:00Z');
    expect(valueOf(await desk.extend([card], until))).toEqual({ changedCount: 1, refused: {}, unchanged: [] });
    expect(valueOf(await second.extend([card], until))).toEqual({ changedCount: 0, refused: {}, unchanged: [card] });
    expect(await desk.card(card)).toMatchObject({ status: 'active', expiresAtUs: BigInt(until) });
    expect(await rig.operator.balance(card)).toMatchObject({ credit: (42n * euro) / 10n });
    expect(await verdict(card)).toBe('allowed 600');
    expect(valueOf(await desk.extend([card], until - 1)).refused).toEqual({ [card]: 'expiry_not_later' });
    expect(valueOf(await desk.extend(await made({}), until)).changedCount).toBe(0);
  });

  it('has credit that went to breakage back by the time its extension is answered, once', async () => {
    rig.clock.set('2024-01-01T00:00:00Z');
    const card = await rig.operator.activeCard(3n * euro, 30);
    rig.clock.set('2025-01-01T00:00:00Z');
    await forfeitCredit({ ...rig.deps, money: { ...rig.deps.money, forfeitAfterDays: 1 } });
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 0n });
    const until = instant('2025-06-01T00:00:00Z');
    await Promise.all([desk.extend([card], until), second.extend([card], until)].map(async (extended) => valueOf(await extended)));
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 3n * euro });
    expect(await verdict(card)).toBe('allowed 600');
  });

  it('CARD-07: is noted also where nobody activated it, by date and from its making', async () => {
    rig.clock.set('2024-01-01T00:00:00Z');
    const [byDate = ''] = await made({ expiresFrom: 'date', expiresAtUs: BigInt(instant('2024-01-31T23:59:59Z')) });
    const [byMaking = ''] = await made({ expiresFrom: 'making', lifetimeDays: 31 });
    const [plain = ''] = await made({ lifetimeDays: 31 });
    rig.clock.set('2024-02-01T00:00:00Z');
    await expireCards(rig.deps, rig.aggregates);
    const rows = await rig.database.query<{ cardid: string; status: string }>('SELECT cardid, status FROM card WHERE cardid = ANY($1::text[])', [[byDate, byMaking, plain]]);
    expect(new Map(rows.map(({ cardid, status }) => [cardid, status]))).toEqual(new Map([[byDate, 'expired'], [byMaking, 'expired'], [plain, 'issued']]));
    expect([await verdict(byDate), await verdict(byMaking), await verdict(plain)]).toEqual(['card_expired', 'card_expired', 'not_activated']);
  });
});

describe('a first call', () => {
  it('CARD-05: activates a card whose type says so, and is told once', async () => {
    rig.clock.set('2024-05-01T12:00:00Z');
    const [card = ''] = await made({ activatesOnUse: true, expiresFrom: 'first_use', lifetimeDays: 10 });
    expect(await desk.card(card)).toMatchObject({ status: 'active', activated: false, firstUsedAtUs: 0n });
    const doors = Array.from({ length: 8 }, (_, at) => (at % 2 === 0 ? rig : rig.second).another());
    const verdicts = await Promise.all(doors.map((door) => verdict(card, door)));
    expect(new Set(verdicts)).toEqual(new Set(['allowed 600']));
    expect(await desk.card(card)).toMatchObject({
      activated: true, firstUsedAtUs: BigInt(instant('2024-05-01T12:00:00Z')), expiresAtUs: BigInt(instant('2024-05-11T12:00:00Z')),
    });
    const events = await rig.database.query<{ type: string }>('SELECT type FROM event WHERE stream = $1 ORDER BY version', [`card-${card}`]);
    expect(events.map(({ type }) => type)).toEqual(['CardIssued', 'CardActivated', 'CardFirstUsed']);
    rig.clock.set('2024-05-11T12:00:00Z');
    expect(await verdict(card)).toBe('card_expired');
  });

  it('that is refused uses nothing', async () => {
    const [card = ''] = await made({ activatesOnUse: true, nanos: 0n });
    expect(await verdict(card)).toBe('insufficient_credit');
    expect(await desk.card(card)).toMatchObject({ activated: false, firstUsedAtUs: 0n });
  });
});

describe('a suspended card', () => {
  it('CARD-11: is refused by its reason until it is resumed, also while it is looked at', async () => {
    rig.clock.set('2024-06-01T00:00:00Z');
    const cards = await rig.operator.activeCards(2, euro);
    const [card = ''] = cards;
    for (const [reason, code] of [['unpaid', 'card_suspended_unpaid'], ['litigation', 'card_suspended_litigation'], ['other', 'card_suspended']] as const) {
      expect(valueOf(await desk.suspend(cards, reason))).toEqual({ changedCount: 2, refused: {}, unchanged: [] });
      expect(valueOf(await second.suspend(cards, reason)).changedCount).toBe(0);
      expect(await verdict(card)).toBe(code);
      expect(await desk.card(card)).toMatchObject({ status: code });
    }
    expect(valueOf(await desk.resume(cards))).toEqual({ changedCount: 2, refused: {}, unchanged: [] });
    expect(await verdict(card)).toBe('allowed 600');
    expect(await desk.suspend(cards, 'a whim')).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: 'reason' } });
    expect(valueOf(await desk.suspend([card], 'other', 99)).refused).toEqual({ [card]: 'not_own_card' });
  });
});

describe('the list of cards', () => {
  it('tells every card of a batch once, page by page, and those of one status', async () => {
    rig.clock.set('2024-07-01T00:00:00Z');
    const cards = (await made({}, 25)).toSorted();
    const batchId = `life-${batches}`;
    valueOf(await rig.operator.change('activateCards', cards.slice(0, 10)));
    valueOf(await desk.suspend(cards.slice(5, 15), 'unpaid'));
    const seen: string[] = [];
    for (let afterCardId = '', more = true; more;) {
      const page = valueOf(await desk.list({ batchId, afterCardId, pageSize: 10 }));
      seen.push(...(page.cards ?? []).map(({ cardId = '' }) => cardId));
      afterCardId = page.nextAfterCardId ?? '';
      more = afterCardId !== '';
    }
    expect(seen).toEqual(cards);
    for (const [status, count] of [['active', 5], ['card_suspended_unpaid', 10], ['not_activated', 10], ['card_expired', 0]] as const) {
      const { cards: found = [] } = valueOf(await desk.list({ batchId, status }));
      expect([status, found.length, ...new Set(found.map((card) => card.status))]).toEqual([status, count, ...(count === 0 ? [] : [status])]);
    }
    expect(await desk.list({ status: 'asleep' })).toMatchObject({ ok: false, refusal: { code: 'field_malformed' } });
    expect(await desk.list({ pageSize: 1_001 })).toMatchObject({ ok: false, refusal: { code: 'field_out_of_range' } });
    await expect(desk.card('0000000000000000')).rejects.toThrow('unknown_card');
  });

  it('rebuilt from its events equals the live one', async () => {
    const rows = () => rig.database.query('SELECT * FROM card_state ORDER BY cardid');
    const before = await rows();
    await rebuild(rig.database, readModel(cardList));
    expect(await rows()).toEqual(before);
  });
});
