import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { present } from '@tollwire/core';
import { readModel, rebuild } from '@tollwire/event-store';
import { until } from '@tollwire/testing';
import { CallDesk } from '../fixture/callers.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';
import { cardTypeList } from './card-projections.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-issue');
});
afterAll(() => rig.close());

const cardRows = (batchId: string) =>
  rig.database.query<{ cardid: string; credit: bigint; payed: boolean; activated: boolean; expires: Date | null; cidid: number; resellerid: number }>(
    'SELECT * FROM card WHERE batch_id = $1',
    [batchId],
  );

describe('an order of cards', () => {
  it('have no startpulse without a frequency, which would charge nothing', async () => {
    const ofPulses = (startpulseSec: number, frequencySec: number) => rig.operator.createCardType({ nanos: euro, startpulseSec, frequencySec });
    expect(await ofPulses(60, 0)).toMatchObject({ ok: false, refusal: { code: 'field_missing', field: 'frequencySec' } });
    expect(await Promise.all([ofPulses(60, 30), ofPulses(0, 30), ofPulses(0, 0)])).toMatchObject([{ ok: true }, { ok: true }, { ok: true }]);
  });

  it('are listed with the terms of their type', async () => {
    const { id } = valueOf(await rig.operator.createCardType({ nanos: 10n * euro, lifetimeDays: 30, expiresFrom: 'first_use', activatesOnUse: true, frequencySec: 60, startpulseSec: 30 }));
    expect((await rig.operator.cardTypes()).find(({ cardTypeId }) => cardTypeId === id)).toMatchObject({
      value: { nanos: 10n * euro, currency: 'EUR' }, tariffId: 1, lifetimeDays: 30, expiresFrom: 'first_use', expiresAtUs: 0n, activatesOnUse: true, frequencySec: 60, startpulseSec: 30, active: true,
    });
  });

  it('SEED-03: is refused for a card type that is not active', async () => {
    const { id } = valueOf(await rig.operator.createCardType({ nanos: 10n * euro, active: false }));
    const issued = await rig.operator.issueCards({ batchId: 'inactive', cardTypeId: present(id, 'an id'), quantity: 1 });
    expect(issued).toMatchObject({ ok: false, refusal: { code: 'cardtype_inactive' } });
  });

  it('is refused while its card type is withdrawn, by any instance, and cards that were made go on', async () => {
    const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: 10n * euro }));
    const order = { batchId: 'before-withdrawal', cardTypeId: id, quantity: 2 };
    const { cardIds: [used = '', sold = ''] = [] } = valueOf(await rig.operator.issueCards(order));
    valueOf(await rig.operator.change('activateCards', [used]));
    expect(valueOf(await rig.operator.offer('withdrawCardType', id))).toEqual({ cardTypeId: id, active: false, changed: true });
    expect(valueOf(await rig.second.operator.offer('withdrawCardType', id))).toEqual({ cardTypeId: id, active: false, changed: false });
    expect(await rig.second.operator.issueCards({ ...order, batchId: 'while-withdrawn' })).toMatchObject({ ok: false, refusal: { code: 'cardtype_inactive' } });
    expect(valueOf(await rig.second.operator.issueCards(order)).cardIds).toEqual([used, sold].toSorted());
    const desk = new CallDesk(rig.second.deps);
    expect(await desk.authorize({ party: used })).toMatchObject({ case: 'authorized' });
    for (const change of ['sellCards', 'payCards', 'activateCards'] as const) expect(valueOf(await rig.operator.change(change, [sold]))).toMatchObject({ changedCount: 1 });
    expect(await desk.authorize({ party: sold })).toMatchObject({ case: 'authorized' });
    valueOf(await desk.policy({ switchId: 'sw1', unknownCli: 'refuse' }));
    expect(await desk.policy({ switchId: 'sw1', unknownCli: 'create', cardTypeId: id })).toMatchObject({ ok: false, refusal: { code: 'cardtype_inactive' } });
    expect(valueOf(await rig.operator.offer('offerCardType', id))).toEqual({ cardTypeId: id, active: true, changed: true });
    valueOf(await desk.policy({ switchId: 'sw1', unknownCli: 'create', cardTypeId: id }));
    expect(await desk.payer({ cli: '+43664777001' })).toMatch(/^card:/);
    valueOf(await rig.operator.offer('withdrawCardType', id));
    expect([await desk.payer({ cli: '+43664777002' }), await desk.payer({ cli: '+43664777001' })]).toEqual(['cardtype_inactive', 'insufficient_credit']);
    expect(await rig.operator.offer('withdrawCardType', 999_999)).toMatchObject({ ok: false, refusal: { code: 'unknown_card_type' } });
    const live = await rig.database.query('SELECT * FROM cardtype ORDER BY cardtypeid');
    await rebuild(rig.database, readModel(cardTypeList));
    expect(await rig.database.query('SELECT * FROM cardtype ORDER BY cardtypeid')).toEqual(live);
  });

  it('SEED-04: makes cards that are unpaid, inactive, hold the start credit and have no caller', async () => {
    const { id } = valueOf(await rig.operator.createCardType({ nanos: 10n * euro, lifetimeDays: 90 }));
    const reseller = present(valueOf(await rig.operator.registerReseller('seed-04')).id, 'an id');
    valueOf(await rig.operator.issueCards({ batchId: 'seed-04', cardTypeId: present(id, 'an id'), quantity: 3, resellerId: reseller }));
    const rows = await cardRows('seed-04');
    expect(rows).toHaveLength(3);
    for (const row of rows) {
      expect(row).toMatchObject({ credit: 1_000n, payed: false, activated: false, expires: null, cidid: 1, resellerid: reseller });
      expect(row.cardid).toMatch(/^[0-9]{16}$/);
    }
    const orders = await rig.database.query('SELECT 1 FROM "order" WHERE cardid = ANY($1::text[])', [rows.map((row) => row.cardid)]);
    expect(orders).toHaveLength(3);
  });

  it('CARD-12: makes a thousand different cards, once, however often and by whomever it is asked', async () => {
    const { id } = valueOf(await rig.operator.createCardType({ nanos: euro }));
    const order = { batchId: 'card-12', cardTypeId: present(id, 'an id'), quantity: 2_500 };
    const answers = await Promise.all([rig.operator.issueCards(order), rig.second.operator.issueCards(order), rig.operator.issueCards(order)]);
    const [first, ...others] = answers.map((answer) => valueOf(answer).cardIds);
    expect(new Set(first).size).toBe(2_500);
    for (const other of others) expect(other).toEqual(first);
    expect(await rig.operator.issueCards({ ...order, quantity: 1 })).toMatchObject({ ok: false, refusal: { code: 'idempotency_mismatch' } });
    expect((await rig.operator.totals()).ledgerSum).toEqual([{ nanos: 0n, currency: 'EUR' }]);
  });

  it('names who ordered it on every transfer of start credit, and moves nothing for cards without any', async () => {
    const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: euro }));
    const { id: empty = 0 } = valueOf(await rig.operator.createCardType({ nanos: 0n }));
    const { cardIds = [] } = valueOf(await rig.operator.issueCards({ batchId: 'named', cardTypeId: id, quantity: 3, by: 'ann' }));
    const { cardIds: emptyIds = [] } = valueOf(await rig.operator.issueCards({ batchId: 'empty', cardTypeId: empty, quantity: 2, by: 'bob' }));
    const posted = await rig.database.query(
      'SELECT id, amount, posted_by FROM transfer WHERE credit_account = ANY($1::text[]) ORDER BY id',
      [[...cardIds, ...emptyIds].map((cardId) => `card:${cardId}`)],
    );
    expect(posted).toEqual(cardIds.map((cardId) => ({ id: `card_value:${cardId}`, amount: euro, posted_by: 'ann' })));
    expect(await rig.operator.balance(emptyIds[0] ?? '')).toEqual({ credit: 0n, reserved: 0n, available: 0n });
  });

  it('goes on where it was interrupted, and loses and doubles no card', async () => {
    const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: euro }));
    const order = { batchId: 'interrupted', cardTypeId: id, quantity: 5_000 };
    let cutting = true;
    const cut = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity
      WHERE datname = current_database() AND application_name = 'card-1' AND state <> 'idle'`;
    let cutCount = 0;
    const cutter = async () => {
      while (cutting && cutCount < 8) cutCount += (await rig.second.database.query(cut)).length;
    };
    const issued = async () => {
      const answer = await until(() => rig.operator.issueCards(order), { timeoutMs: 20_000 });
      cutting = false;
      return valueOf(answer);
    };
    const [{ cardIds = [] }] = await Promise.all([issued(), cutter()]);
    expect(cutCount).toBeGreaterThan(0);
    expect(new Set(cardIds).size).toBe(5_000);
    expect(await cardRows('interrupted')).toHaveLength(5_000);
    expect((await rig.operator.totals()).ledgerSum).toEqual([{ nanos: 0n, currency: 'EUR' }]);
  });

  it('refuses a type, a reseller or a quantity that is not there', async () => {
    const { id } = valueOf(await rig.operator.createCardType({ nanos: euro }));
    const cardTypeId = present(id, 'an id');
    const codeOf = async (order: Parameters<typeof rig.operator.issueCards>[0]) => {
      const answer = await rig.operator.issueCards(order);
      return answer.ok ? 'issued' : answer.refusal.code;
    };
    expect(await codeOf({ batchId: 'no-type', cardTypeId: 4_294_967_295, quantity: 1 })).toBe('unknown_card_type');
    expect(await codeOf({ batchId: 'no-reseller', cardTypeId, quantity: 1, resellerId: 4_294_967_295 })).toBe('unknown_reseller');
    expect(await codeOf({ batchId: 'none', cardTypeId, quantity: 0 })).toBe('field_out_of_range');
    expect(await codeOf({ batchId: '', cardTypeId, quantity: 1 })).toBe('field_missing');
    expect(await codeOf({ batchId: 'nul\0', cardTypeId, quantity: 1 })).toBe('field_malformed');
  });
});
