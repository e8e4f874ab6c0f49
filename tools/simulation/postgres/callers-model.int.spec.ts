import { inspect } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { present } from '@tollwire/core';
import type { Database } from '@tollwire/event-store';
import { cardAnswers } from '../../../services/card/src/card.answers.ts';
import { CallDesk, type Presents } from '../../../services/card/src/fixture/callers.fixture.ts';
import { cardRig, type CardRig, euro } from '../../../services/card/src/fixture/card-rig.fixture.ts';
import { Operator, valueOf } from '../../../services/card/src/fixture/operator.fixture.ts';
import { expireCards } from '../../../services/card/src/sweeps/expire-cards.ts';
import { Chance } from '../chance.ts';
import { aggregatesOver } from '../processes.ts';
import { type Compared, eventsToldIn, rowsIn } from './comparison.fixture.ts';
import { databaseOver } from './self-stepping.fixture.ts';
import { keyOf, Store } from './store.ts';
import { tables } from './tables.ts';
import type { Row } from './values.ts';

/** What is known of cards and callers, and what calls took from them. */
const compared: Compared = {
  card_state: 'cardid, batch_id, status, sold, payed, activated, suspension, cidid',
  cid: 'cidid, cid, resellerid, cardid',
  failed_try: 'subject, clock_us, ends_us',
  card_batch: 'batch_id, cardtypeid, resellerid, quantity, made',
  '"order"': 'cardid',
  event: 'stream, version, type',
  ledger_account: 'id, currency, credit, reserved, open_calls',
  transfer: 'id, debit_account, credit_account, amount, currency, code, posted_by',
  reservation: 'call_key, id, account_id, party, amount, state',
  outbox: 'subject, event_count',
};

const instants = (...columns: string[]): string => columns.map((column) => `to_us(${column}) AS ${column}`).join(', ');

/** What stands before the first order, as it stands in the real tables. */
const standing: Readonly<Record<string, string>> = {
  cardtype: `SELECT cardtypeid, value, currency, description, active, tariffid, lifetime, frequency,
     startpulse, incoming_leg, expires_from, activates_on_use, ${instants('expires')} FROM cardtype`,
  card_state: `SELECT cardid, cardtypeid, resellerid, batch_id, lifetime, expires_from, ${instants('expires_on', 'deactivated', 'expires', 'first_used')}, activates_on_use,
    status, sold, payed, activated, suspension, clis::text AS clis, cidid FROM card_state`,
  card_batch: `SELECT batch_id, cardtypeid, resellerid, quantity, made, ${instants('ordered_at')} FROM card_batch`,
  order: `SELECT cardid, ${instants('ordertime')} FROM "order"`,
  event: 'SELECT stream, version, type, data::text AS data, meta::text AS meta FROM event',
  cid: 'SELECT cidid, cid, resellerid, cardid FROM cid',
  card_pin: `SELECT encode(blind_index, 'hex') AS blind_index, cardid, hash FROM card_pin`,
  caller_policy: 'SELECT switch_id, trunk, unknown_cli, cardtypeid, resellerid, bind_max FROM caller_policy',
  caller_address: 'SELECT host(address) AS address, account_code FROM caller_address',
  reseller: 'SELECT resellerid FROM reseller',
  account_code: 'SELECT code, customer_id FROM account_code',
  user_profile: `SELECT customer_id, voip_plan_id, currency, dialersetting_id, ${instants('suspended')} FROM user_profile`,
  ledger_account: 'SELECT id, currency, credit, reserved, credit_limit, version, class, open_calls, second_no, calls_in_second, hour_no, spent_in_hour, day_no, spent_in_day FROM ledger_account',
  transfer: 'SELECT id, debit_account, credit_account, amount, currency, code, call_key, posted_by, at_us FROM transfer',
};

/** Ids for new cards, the same for both sides. */
function drawing(): (count: number) => string[] {
  let drawn = 0;
  return (count) => Array.from({ length: count }, () => String((drawn += 1)).padStart(16, '7'));
}

interface Side {
  readonly desk: CallDesk;
  readonly operator: Operator;
  readonly deps: CardRig['deps'];
}

describe('the same callers and the same orders to cards', () => {
  let rig: CardRig;
  let real: Side;
  let modelled: Side & { readonly database: Database };
  let cardIds: string[];
  let pins: string[];
  const seen = new Set<string>();

  beforeAll(async () => {
    rig = await cardRig('callers-model', { callSecMax: 60, graceSec: 60 }, { pins: { length: 10, triesMax: 2, sharedTriesMax: 6, windowSec: 300 } });
    const deps = { ...rig.deps, drawCardIds: drawing() };
    real = { deps, desk: new CallDesk(deps), operator: new Operator(cardAnswers(deps), deps) };
    const { id: typeId = 0 } = valueOf(await real.operator.createCardType({ nanos: 50n * euro, lifetimeDays: 1, expiresFrom: 'first_use', activatesOnUse: true }));
    const { id: madeId = 0 } = valueOf(await real.operator.createCardType({ nanos: 20n * euro, lifetimeDays: 2 }));
    ({ cardIds = [] } = valueOf(await real.operator.issueCards({ batchId: 'b', cardTypeId: typeId, quantity: 4 })));
    pins = [...(await real.desk.pinsOf('b')).values()];
    valueOf(await real.operator.openAccount({ customerId: 'acme', accountCodes: ['a1'], postpaid: true, creditLimit: { nanos: 20n * euro, currency: 'EUR' } }));
    valueOf(await real.desk.address('192.0.2.9', 'a1'));
    valueOf(await real.desk.policy({ unknownCli: 'refuse' }));
    valueOf(await real.desk.policy({ switchId: 'sw1', trunk: 'asks', unknownCli: 'ask_pin', bindMax: 2 }));
    valueOf(await real.desk.policy({ switchId: 'sw1', trunk: 'creates', unknownCli: 'create', cardTypeId: madeId }));
    valueOf(await real.desk.policy({ switchId: 'sw1', trunk: 'creates others', unknownCli: 'create', cardTypeId: typeId }));
    await rig.database.query('DELETE FROM outbox');
    await rig.database.query('DELETE FROM outbox_pending');
    const store = new Store(() => rig.clock.nowUs());
    const work = store.begin();
    for (const [table, select] of Object.entries(standing)) {
      // A statement of the copy gives texts and instants as the model keeps them.
      for (const row of await rig.database.query<Row>(select)) work.write(table, keyOf(table, row), { ...tables[table]?.defaults, ...row });
    }
    work.commit();
    const database = databaseOver(store);
    const drawCardIds = drawing();
    drawCardIds(cardIds.length);
    const modelDeps = { ...rig.deps, database, drawCardIds, aggregates: aggregatesOver(database, rig.deps.root) };
    modelled = { database, deps: modelDeps, desk: new CallDesk(modelDeps), operator: new Operator(cardAnswers(modelDeps), modelDeps) };
  });
  afterAll(() => rig.close());

  /** Gives an order to both, and expects the same answer. */
  async function give(order: (side: Side) => Promise<unknown>): Promise<void> {
    const answer = await order(real);
    expect(await order(modelled)).toEqual(answer);
    for (const [, code = ''] of inspect(answer, { depth: 9 }).matchAll(/(?:code|case): '(\w+)'/g)) seen.add(code);
  }

  const presents = (chance: Chance): Presents => {
    const trunk = present(chance.oneOf(['asks', 'creates', 'creates others', 'refuses', '']), 'a trunk');
    const pin = chance.oneOf([...pins, '12345678', '', '']) ?? '';
    const cli = chance.oneOf(['', '+43664100', '+43664101', '+43664102', '+43664103', '+43664104']) ?? '';
    return { trunk, cli, pin: trunk === 'asks' ? pin : '', address: chance.below(9) === 0 ? '192.0.2.9' : '' };
  };

  async function unbindEverywhere(desk: CallDesk, cli: string): Promise<unknown[]> {
    const answers: unknown[] = [];
    for (const cardId of cardIds) answers.push(await desk.unbind(cardId, cli));
    return answers;
  }

  it.each([1, 2, 3, 4])('leave the same rows in the model and in PostgreSQL, and get the same answers (seed %i)', async (seed) => {
    const chance = new Chance(seed);
    for (let step = 0; step < 70; step += 1) {
      const [kind, cardId, who, call] = [chance.below(18), chance.oneOf(cardIds) ?? '', presents(chance), `sw1/c${seed}-${chance.below(40)}/1`];
      const cli = `+4366410${chance.below(7)}`;
      const untilUs = rig.clock.nowUs() + 1_000_000 * (kind === 12 ? 400_000 : 50);
      rig.clock.advanceSec(chance.below(30) === 0 ? 100_000 : chance.below(8) * 10);
      await give(({ desk, operator, deps }): Promise<unknown> => {
        if (kind < 10) return desk.authorize(who, call);
        if (kind === 10) return operator.change('activateCards', [cardId]);
        if (kind <= 12) return desk.extend([cardId], untilUs);
        if (kind === 13) return desk.resume(cardIds);
        if (kind === 14) return desk.suspend([cardId], 'unpaid');
        if (kind === 15) return desk.bind(cardId, cli);
        return kind === 16 ? unbindEverywhere(desk, cli) : expireCards(deps, deps.aggregates);
      });
    }
    await give(({ operator }) => operator.change('deactivateCards', [cardIds[0] ?? '']));
    expect(await rowsIn(modelled.database, compared)).toEqual(await rowsIn(rig.database, compared));
    expect(await eventsToldIn(modelled.database)).toEqual(await eventsToldIn(rig.database));
  });

  it('were let in and turned away in every way', async () => {
    for (let tries = 0; tries < 3; tries += 1) await give(({ desk }) => desk.authorize({ trunk: 'asks', cli: '+436641999', pin: '12345678' }, 'sw1/locked/1'));
    const told = new Set((await eventsToldIn(rig.database)).map((event) => event.split(' ')[1]));
    const wanted = ['CardsIssued', 'CardActivated', 'CardFirstUsed', 'CardExtended', 'CardSuspended', 'CardResumed', 'CardDeactivated', 'CliBound', 'CliUnbound', 'CreditReserved'];
    expect(wanted.filter((name) => !told.has(`tollwire.card.v1.${name}`))).toEqual([]);
    const codes = ['authorized', 'auth_fail', 'pin_locked', 'pin_required', 'unknown_cid', 'card_expired', 'card_deactivated', 'card_suspended_unpaid', 'cli_taken'];
    expect(codes.filter((code) => !seen.has(code))).toEqual([]);
  });
});
