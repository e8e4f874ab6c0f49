import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Event } from '@tollwire/core';
import { readModel, rebuild } from '@tollwire/event-store';
import type { Projection } from '@tollwire/event-store';
import { accountList } from '../accounts/account-projection.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';
import { expireCards } from '../sweeps/expire-cards.ts';
import { batchList, cardList, cardTypeList, orderList, saleList } from './card-projections.ts';

let rig: CardRig;
let ours: number;
let theirs: number;
beforeAll(async () => {
  rig = await cardRig('card-change');
  [ours = 0, theirs = 0] = [valueOf(await rig.operator.registerReseller('ours')).id, valueOf(await rig.operator.registerReseller('theirs')).id];
});
afterAll(() => rig.close());

let batches = 0;
async function newCards(quantity: number, lifetimeDays = 0): Promise<string[]> {
  const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: euro, lifetimeDays }));
  const { cardIds = [] } = valueOf(await rig.operator.issueCards({ batchId: `change-${(batches += 1)}`, cardTypeId: id, quantity, resellerId: ours }));
  return cardIds;
}

const rowOf = async (cardId: string) => (await rig.database.query<Record<string, unknown>>('SELECT * FROM card WHERE cardid = $1', [cardId]))[0];

describe('cards in a request', () => {
  it('are sold, paid, activated and deactivated, each once, with the documented rows to show for it', async () => {
    const cards = await newCards(3);
    rig.clock.set('2024-01-01T00:00:00Z');
    for (const order of ['sellCards', 'payCards', 'activateCards'] as const) {
      expect(valueOf(await rig.operator.change(order, cards, ours))).toEqual({ changedCount: 3, refused: {}, unchanged: [] });
      expect(valueOf(await rig.second.operator.change(order, cards, ours))).toEqual({ changedCount: 0, refused: {}, unchanged: cards });
    }
    expect(await rowOf(cards[0] ?? '')).toMatchObject({ payed: true, activated: true, expires: null, deactivated: null });
    const sales = await rig.database.query<{ saletime: Date }>('SELECT saletime FROM sale WHERE cardid = ANY($1::text[])', [cards]);
    expect(sales).toEqual(Array.from({ length: 3 }, () => ({ saletime: new Date('2024-01-01T00:00:00Z') })));
    expect(valueOf(await rig.operator.change('deactivateCards', cards))).toEqual({ changedCount: 3, refused: {}, unchanged: [] });
    expect(await rowOf(cards[0] ?? '')).toMatchObject({ deactivated: new Date('2024-01-01T00:00:00Z'), status: 'deactivated' });
  });

  it('SEED-05, SEED-08: start their lifetime when their own reseller activates them', async () => {
    const [card = ''] = await newCards(1, 90);
    rig.clock.set('2024-01-01T00:00:00Z');
    expect(valueOf(await rig.operator.change('sellCards', [card], theirs))).toEqual({ changedCount: 0, refused: { [card]: 'not_own_card' }, unchanged: [] });
    expect(valueOf(await rig.operator.change('activateCards', [card], theirs))).toEqual({ changedCount: 0, refused: { [card]: 'not_own_card' }, unchanged: [] });
    valueOf(await rig.operator.change('activateCards', [card], ours));
    expect(await rowOf(card)).toMatchObject({ expires: new Date('2024-03-31T00:00:00Z') });
  });

  it('that nobody knows are refused by themselves', async () => {
    const [card = ''] = await newCards(1);
    const unknown = ['0000000000000000', 'x', 'nul\0'];
    const change = valueOf(await rig.operator.change('activateCards', [card, card, ...unknown]));
    expect(change).toMatchObject({ changedCount: 1, refused: Object.fromEntries(unknown.map((id) => [id, 'unknown_card'])) });
    const tooMany = await rig.operator.change('activateCards', Array.from({ length: 20_001 }, (_, id) => String(id)));
    expect(tooMany).toMatchObject({ ok: false, refusal: { code: 'too_many_items' } });
  });

  it('change once when two instances order the same at once', async () => {
    const cards = await newCards(50);
    const backwards = cards.toReversed();
    const changes = await Promise.all([rig.operator.change('activateCards', cards), rig.second.operator.change('activateCards', backwards)]);
    expect(changes.reduce((sum, change) => sum + (valueOf(change).changedCount ?? 0), 0)).toBe(50);
  });

  it('expire by themselves, and keep their credit', async () => {
    const [card = ''] = await newCards(1, 1);
    rig.clock.set('2024-06-01T00:00:00Z');
    valueOf(await rig.operator.change('activateCards', [card]));
    rig.clock.set('2024-06-01T23:59:59Z');
    await expireCards(rig.deps, rig.aggregates);
    expect(await rowOf(card)).toMatchObject({ status: 'active' });
    rig.clock.set('2024-06-02T00:00:00Z');
    await Promise.all([expireCards(rig.deps, rig.aggregates), expireCards(rig.second.deps, rig.second.aggregates)]);
    expect(await rowOf(card)).toMatchObject({ status: 'expired', credit: 100n });
    expect(valueOf(await rig.operator.change('activateCards', [card]))).toMatchObject({ refused: { [card]: 'card_expired' } });
  });
});

describe('every read model', () => {
  it('rebuilt from its events equals the live one', async () => {
    const cards = await newCards(20, 1);
    valueOf(await rig.operator.change('sellCards', cards.slice(0, 15)));
    valueOf(await rig.operator.change('activateCards', cards.slice(5)));
    valueOf(await rig.operator.change('deactivateCards', cards.slice(10, 12)));
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1', 'a2'], companyName: 'Acme' }));
    const models = [modelOf(cardTypeList), modelOf(cardList), modelOf(orderList), modelOf(saleList), modelOf(batchList), modelOf(accountList)];
    for (const model of models) {
      const before = await model.rows();
      expect(before.length).toBeGreaterThan(0);
      await model.rebuild();
      expect(await model.rows()).toEqual(before);
    }
  });
});

describe('the list of cards', () => {
  it('rebuilt while two instances change cards loses none of their changes', async () => {
    const cards = await newCards(120, 1);
    const model = modelOf(cardList);
    const step = (at: number) => cards.slice(at * 10, at * 10 + 10);
    const changes = Array.from({ length: 12 }, async (_, at) => {
      const { operator } = at % 2 === 0 ? rig : rig.second;
      for (const order of ['sellCards', 'activateCards', 'payCards'] as const) valueOf(await operator.change(order, step(at)));
      if (at % 3 === 0) valueOf(await operator.change('deactivateCards', step(at)));
    });
    await Promise.all([...changes, model.rebuild().then(() => model.rebuild())]);
    const live = await model.rows();
    await model.rebuild();
    expect(await model.rows()).toEqual(live);
    const [counts] = await rig.database.query(
      `SELECT count(*) FILTER (WHERE sold AND payed AND activated) AS used, count(deactivated) AS ended FROM card_state WHERE cardid = ANY($1::text[])`,
      [cards],
    );
    expect(counts).toEqual({ used: 120n, ended: 40n });
  }, 30_000);
});

/** A read model with its rows as they are now, in the order of its key. */
function modelOf<Row extends object, E extends Event>(projection: Projection<Row, E>) {
  const nameOf = (column: string) => column.split(' ')[0] ?? '';
  const columns: Record<string, string> = projection.columns;
  const names = Object.values(columns).map(nameOf);
  const keys = projection.key.map((field) => nameOf(columns[field] ?? ''));
  return {
    rows: () => rig.database.query(`SELECT ${names.join(', ')} FROM ${projection.table} ORDER BY ${keys.join(', ')}`),
    rebuild: () => rebuild(rig.database, readModel(projection)),
  };
}

describe('a reseller', () => {
  it('has a password that is kept as a scrypt hash only', async () => {
    valueOf(await rig.operator.registerReseller('hashed', 'battery staple', 'ann'));
    const rows = await rig.database.query<{ userpass: string; registered_by: string }>(`SELECT userpass, registered_by FROM reseller WHERE username = 'hashed'`);
    expect(rows[0]?.registered_by).toBe('ann');
    expect(rows[0]?.userpass).toMatch(/^scrypt\$16384\$8\$1\$[\w+/=]+\$[\w+/=]+$/);
    const told = await rig.database.query(`SELECT 1 FROM event WHERE data::text LIKE '%battery staple%' OR meta::text LIKE '%battery staple%'`);
    expect(told).toEqual([]);
  });

  it('has a name of its own, of at most twenty characters', async () => {
    const codeOf = async (username: string, password?: string) => {
      const answer = await rig.operator.registerReseller(username, password);
      return answer.ok ? 'registered' : answer.refusal.code;
    };
    expect(await codeOf('once')).toBe('registered');
    expect(await codeOf('once')).toBe('username_taken');
    expect(await codeOf('a'.repeat(21))).toBe('field_malformed');
    expect(await codeOf('')).toBe('field_missing');
    expect(await codeOf('short', 'pass')).toBe('field_out_of_range');
  });

  it('is listed by its number with what it earns now, and its password is not', async () => {
    const { id = 0 } = valueOf(await rig.operator.registerReseller('listed', 'a password that nobody hears of', 'ann'));
    for (const ppm of [100_000, 50_000]) valueOf(await rig.cashier.commission(id, ppm));
    const resellers = await rig.operator.resellers();
    expect([resellers[0], resellers.find(({ resellerId }) => resellerId === id)]).toMatchObject([{ resellerId: 1, username: 'own company' }, { username: 'listed', registeredBy: 'ann' }]);
    expect(Object.keys(resellers[0] ?? {}).sort()).toEqual(['registeredAtUs', 'registeredBy', 'resellerId', 'username']);
    expect((await rig.cashier.commissions()).filter(({ resellerId }) => resellerId === id)).toEqual([{ resellerId: id, cardTypeId: 0, ppm: 50_000, by: 'ann' }]);
  });

  it('number one is the own company, and caller number one is nobody', async () => {
    expect(await rig.database.query('SELECT resellerid, username, userpass FROM reseller WHERE resellerid = 1')).toEqual([
      { resellerid: 1, username: 'own company', userpass: null },
    ]);
    expect(await rig.database.query('SELECT cidid, cid, resellerid FROM cid')).toEqual([{ cidid: 1, cid: null, resellerid: 1 }]);
  });
});
