import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readModel, rebuild } from '@tollwire/event-store';
import { cardList } from '../cards/card-projections.ts';
import { showRoute } from '../authorize/show-route.ts';
import { type CardRig, cardRig, euro } from '../fixture/card-rig.fixture.ts';
import { CallDesk } from '../fixture/callers.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';
import { cardForgets } from './forget-number.ts';

let rig: CardRig;
let desk: CallDesk;
beforeAll(async () => {
  rig = await cardRig('card-forgets', { callSecMax: 60, graceSec: 60 });
  desk = new CallDesk(rig.deps);
});
afterAll(() => rig.close());

/** Every place from its start to its end, as the platform goes through them: what was done, and what waits. */
async function forget(digits: string): Promise<Record<string, number | string>> {
  const done: Record<string, number | string> = {};
  for (const { name, forget: step } of cardForgets.places) {
    for (let after: string | undefined = ''; after !== undefined; ) {
      const { count, next, waitsFor } = await step(rig.deps, digits, after);
      if (count > 0) done[name] = Number(done[name] ?? 0) + count;
      if (waitsFor !== undefined) done[name] = waitsFor;
      after = waitsFor === undefined ? next : undefined;
    }
  }
  return done;
}

const rowsWith = async (digits: string) => {
  const tables = ['cid', 'card_state', 'card_batch', 'event', 'failed_try', 'reservation', 'refused_route'];
  const pattern = `${digits}|${Buffer.from(digits).toString('hex')}`;
  const counts = await Promise.all(tables.map((table) => rig.database.query(`SELECT 1 FROM ${table} t WHERE t::text ~ $1`, [pattern])));
  return tables.filter((_, at) => (counts[at]?.length ?? 0) > 0);
};

describe('a caller that is erased', () => {
  it('is freed of its card, which stays as it is, and its past says no more who it was', async () => {
    const [card, cli] = [await rig.operator.activeCard(100n * euro), '436640000011'];
    for (const order of ['bind', 'unbind', 'bind'] as const) valueOf(await desk[order](card, `+${cli}`));
    valueOf(await desk.bind(card, '+436640000012'));
    expect(await forget(cli)).toEqual({ cid: 1, event: 4 });
    expect(await rowsWith(cli)).toEqual([]);
    expect((await desk.card(card)).clis).toEqual(['436640000012']);
    expect([await desk.payer({ cli: `+${cli}` }), await desk.payer({ cli: '+436640000012' })]).toEqual(['unknown_cid', `card:${card}`]);
    expect(await rig.operator.balance(card)).toMatchObject({ credit: 100n * euro });
    expect(await forget(cli)).toEqual({});
    valueOf(await desk.bind(card, `+${cli}`));
    expect(await desk.payer({ cli: `+${cli}` })).toBe(`card:${card}`);
  });

  it('who was made a card is made no second one, whether the order was named by the number, as it once was, or not', async () => {
    const { id: cardTypeId = 0 } = valueOf(await rig.operator.createCardType({ nanos: 100n * euro }));
    const { id: other = 0 } = valueOf(await rig.operator.createCardType({ nanos: 100n * euro }));
    for (const [cli, type] of [['436640000021', cardTypeId], ['436640000022', other]] as const) {
      if (type === other) valueOf(await rig.operator.issueCards({ batchId: `cli-${cli}-${type}-1`, cardTypeId: type, quantity: 1 }));
      valueOf(await desk.policy({ switchId: 'sw1', unknownCli: 'create', cardTypeId: type }));
      const first = await desk.payer({ cli: `+${cli}` });
      expect(first).toMatch(/^card:\d{16}$/);
      expect(await rowsWith(cli)).toEqual(type === other ? ['cid', 'card_state', 'card_batch', 'event'] : ['cid', 'card_state', 'event']);
      await forget(cli);
      expect(await rowsWith(cli)).toEqual([]);
      expect(await desk.payer({ cli: `+${cli}` })).toBe(first);
      await forget(cli);
    }
    const live = await rig.database.query('SELECT * FROM card_state ORDER BY cardid');
    await rebuild(rig.database, readModel(cardList));
    expect(await rig.database.query('SELECT * FROM card_state ORDER BY cardid')).toEqual(live);
    expect(await rig.database.query(`SELECT batch_id FROM card_batch WHERE batch_id LIKE 'cli-%' AND batch_id !~ '^cli-x[0-9a-f]{40}(-[0-9]+-1)?$'`)).toEqual([]);
  });

  it('has no tries any more that were counted for it', async () => {
    const subjects = ['pin:cli:436640000031', 'pin:trunk:436640000031', 'voucher:from:+436640000031'];
    await rig.database.query(`INSERT INTO failed_try (subject, clock_us, ends_us) SELECT subject, 1, '{2}' FROM unnest($1::text[]) AS s (subject)`, [subjects]);
    expect(await forget('436640000031')).toEqual({ failed_try: 2 });
  });
});

describe('who was called by a call that is erased', () => {
  const callOf = (callId: string) => ({ $typeName: 'tollwire.card.v1.ShowRouteRequest' as const, call: { $typeName: 'tollwire.call.v1.CallRef' as const, switchId: 'sw1', callId, leg: 1 } });

  it('is masked in the answer that was kept, with the form of every carrier, but only when the call is over', async () => {
    const card = await rig.operator.activeCard(100n * euro);
    for (const callId of ['by-key', 'by-number']) expect((await desk.authorize({ party: card }, `sw1/${callId}/1`)).case).toBe('authorized');
    expect(await forget('4312345678')).toEqual({ reservation: 'calls that go on, whose switch may ask again' });
    expect(await cardForgets.calls?.forget(rig.deps, ['sw1/by-key/1', 'sw1/unknown/1'])).toEqual({ count: 0, waitsFor: 'calls that go on, whose switch may ask again' });
    await rig.database.query(`UPDATE reservation SET state = 'expired'`);
    expect(await cardForgets.calls?.forget(rig.deps, ['sw1/by-key/1'])).toEqual({ count: 1 });
    expect(await forget('4312345678')).toEqual({ reservation: expect.any(Number) });
    expect(await rowsWith('4312345678')).toEqual([]);
    for (const callId of ['by-key', 'by-number']) {
      const { calledE164, carriers } = valueOf(await showRoute(rig.deps, callOf(callId)));
      expect({ calledE164, numbers: carriers?.map(({ number }) => number) }).toMatchObject({ calledE164: '431234****', numbers: [expect.stringMatching(/\*{4}$/)] });
    }
  });
});

describe('a call that was refused, of a number that is erased', () => {
  it('is dropped, whoever it was named by', async () => {
    const card = await rig.operator.activeCard(0n);
    for (const callId of ['refused-key', 'refused-called', 'refused-caller']) {
      rig.prices.callerId = callId === 'refused-caller' ? { number: '00436640000061', presentation: 'allowed' } : undefined;
      expect(await desk.authorize({ party: card }, `sw1/${callId}/1`)).toMatchObject({ case: 'refusal', value: { code: 'insufficient_credit' } });
    }
    rig.prices.callerId = undefined;
    await rig.deps.refused.written();
    const kept = async () => (await rig.database.query<{ id: string }>(`SELECT call_key AS id FROM refused_route WHERE starts_with(call_key, 'sw1/refused')`)).map(({ id }) => id).sort();
    expect(await cardForgets.calls?.forget(rig.deps, ['sw1/refused-key/1'])).toEqual({ count: 1 });
    expect(await kept()).toEqual(['sw1/refused-called/1', 'sw1/refused-caller/1']);
    expect([await forget('436640000061'), await kept()]).toEqual([{ refused_route: 1 }, ['sw1/refused-called/1']]);
    expect([await forget('4312345678'), await kept(), await rowsWith('4312345678')]).toEqual([{ refused_route: 1 }, [], []]);
  });
});

describe('who called by a call that is erased', () => {
  const selectAnswer = `SELECT 1 FROM reservation WHERE call_key = $1 AND position(convert_to($2, 'UTF8') IN answer) > 0`;

  it('is masked in the answer that was kept, where a gateway wanted the number in a form of its own', async () => {
    const card = await rig.operator.activeCard(100n * euro);
    rig.prices.callerId = { number: '00436640000051', presentation: 'allowed' };
    for (const callId of ['caller-by-key', 'caller-by-number']) expect((await desk.authorize({ party: card }, `sw1/${callId}/1`)).case).toBe('authorized');
    rig.prices.callerId = undefined;
    const kept = async () => (await Promise.all(['caller-by-key', 'caller-by-number'].map((id) => rig.database.query(selectAnswer, [`sw1/${id}/1`, '436640000051'])))).map(({ length }) => length);
    expect(await kept()).toEqual([1, 1]);
    await rig.database.query(`UPDATE reservation SET state = 'expired'`);
    expect(await cardForgets.calls?.forget(rig.deps, ['sw1/caller-by-key/1'])).toEqual({ count: 1 });
    expect(await kept()).toEqual([0, 1]);
    expect(await forget('436640000051')).toEqual({ reservation: 1 });
    expect(await kept()).toEqual([0, 0]);
  });
});

describe('the service', () => {
  it('may change nothing else in events', async () => {
    const rename = (digits: string) => rig.database.query<{ count: bigint }>(`SELECT rename_freed_cli($1, 'x', '', 'z') AS count`, [digits]);
    const [card] = [await rig.operator.activeCard(euro)];
    valueOf(await desk.bind(card, '+436640000041'));
    expect([await rename('436640000041'), await rename(card)]).toEqual([[{ count: 0n }], [{ count: 0n }]]);
    expect(await rig.database.query(`SELECT rename_cli_order('of an operator', 'x') AS count`)).toEqual([{ count: 0n }]);
    await expect(rig.database.query(`UPDATE event SET data = '{}'`)).rejects.toThrow('permission denied');
  });
});
