import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { instantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { instant } from '@tollwire/testing';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';
import type { Party } from '../wire/party.ts';
import { callersOf } from './callers.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-callers');
});
afterAll(() => rig.close());

const card = (cardId: string): Party => ({ kind: 'card', cardId });
const account = (code: string): Party => ({ kind: 'account', code });

/** The same database, with its statements counted. */
function counted() {
  const asked = { count: 0 };
  const sql: Sql = {
    query: (text, params) => {
      asked.count += 1;
      return rig.database.query(text, params);
    },
  };
  return { sql, asked };
}

describe('who pays for calls', () => {
  it('is looked up for a whole batch, with plan, pulses and currency, in one statement of each kind', async () => {
    const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: euro, currency: 'USD', tariffId: 7, startpulseSec: 30, frequencySec: 6 }));
    const { cardIds = [] } = valueOf(await rig.operator.issueCards({ batchId: 'callers', cardTypeId: id, quantity: 50 }));
    valueOf(await rig.operator.change('activateCards', cardIds));
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['a1', 'a2'], voipPlanId: 9 }));
    const { sql, asked } = counted();
    const parties = [...cardIds.map(card), ...cardIds.map(card), account('a2'), account('a1'), account('a1')];
    const callerOf = await callersOf(sql, parties);
    expect(asked.count).toBe(2);
    const now = rig.clock.nowUs();
    expect(callerOf(card(cardIds[0] ?? ''), now)).toEqual({
      ok: true,
      value: { accountId: `card:${cardIds[0]}`, currency: 'USD', plan: { case: 'tariffId', value: 7 }, startpulseSec: 30, frequencySec: 6, incomingLeg: false, unusedCardId: cardIds[0] },
    });
    for (const code of ['a1', 'a2']) {
      expect(callerOf(account(code), now)).toEqual({
        ok: true,
        value: { accountId: 'customer:acme', currency: 'EUR', plan: { case: 'voipPlanId', value: 9 }, startpulseSec: 0, frequencySec: 0, incomingLeg: false },
      });
    }
  });

  it('is not asked for where nobody is named', async () => {
    const { sql, asked } = counted();
    await callersOf(sql, []);
    expect(asked.count).toBe(0);
    await callersOf(sql, [card('1')]);
    expect(asked.count).toBe(1);
  });

  it('may call or not by the instant that is asked about, to the microsecond', async () => {
    rig.clock.set('2024-01-01T00:00:00Z');
    const living = await rig.operator.activeCard(euro, 1);
    const ended = await rig.operator.activeCard(euro);
    const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: euro }));
    const { cardIds: [asleep = ''] = [] } = valueOf(await rig.operator.issueCards({ batchId: 'asleep', cardTypeId: id, quantity: 1 }));
    rig.clock.set('2024-01-01T12:00:00Z');
    valueOf(await rig.operator.change('deactivateCards', [ended]));
    const callerOf = await callersOf(rig.database, [living, ended, asleep, 'nobody'].map(card));
    const [noon, midnight] = [instant('2024-01-01T12:00:00Z'), instant('2024-01-02T00:00:00Z')];
    const at = (party: string, us: number) => {
      const caller = callerOf(card(party), instantUs(us));
      return caller.ok ? 'may call' : caller.refusal;
    };
    expect(at(living, midnight - 1)).toBe('may call');
    expect(at(living, midnight)).toEqual({ code: 'card_expired', facts: { sinceUs: String(midnight) } });
    expect(at(ended, noon - 1)).toBe('may call');
    expect(at(ended, noon)).toEqual({ code: 'card_deactivated', facts: { sinceUs: String(noon) } });
    expect(at(asleep, noon)).toEqual({ code: 'not_activated' });
    expect(at('nobody', noon)).toMatchObject({ code: 'unknown_card', detail: expect.stringContaining('issue the card') });
    expect(callerOf(account(living), noon)).toMatchObject({ ok: false, refusal: { code: 'unknown_account', detail: expect.stringContaining('open an account') } });
  });

  it('is never confused between a card and an account code that look alike', async () => {
    const id = await rig.operator.activeCard(euro);
    valueOf(await rig.operator.openAccount({ customerId: 'twin', accountCodes: [id] }));
    const callerOf = await callersOf(rig.database, [card(id), account(id)]);
    const now = rig.clock.nowUs();
    expect(callerOf(card(id), now)).toMatchObject({ value: { accountId: `card:${id}` } });
    expect(callerOf(account(id), now)).toMatchObject({ value: { accountId: 'customer:twin' } });
    expect(await rig.operator.verdict('twin/1/1', `account:${id}`)).toBe('insufficient_credit');
    expect(await rig.operator.verdict('twin/2/1', id)).toBe('allowed 600');
  });
});
