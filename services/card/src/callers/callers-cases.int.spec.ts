import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { present } from '@tollwire/core';
import { CallDesk } from '../fixture/callers.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';

let rig: CardRig;
let desk: CallDesk;
let second: CallDesk;
beforeAll(async () => {
  rig = await cardRig('card-who-calls', { callSecMax: 60, graceSec: 60 });
  [desk, second] = [new CallDesk(rig.deps), new CallDesk(rig.second.deps)];
});
beforeEach(async () => {
  valueOf(await desk.policy({ unknownCli: 'refuse' }));
  valueOf(await desk.policy({ switchId: 'sw1', unknownCli: 'refuse' }));
});
afterAll(() => rig.close());

let numbers = 0;
const newCli = () => `+43664${String((numbers += 1)).padStart(7, '0')}`;
const newCard = () => rig.operator.activeCard(100n * euro);

async function cardWithPin(batchId: string): Promise<{ cardId: string; pin: string }> {
  const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: 100n * euro }));
  const { cardIds: [cardId = ''] = [] } = valueOf(await rig.operator.issueCards({ batchId, cardTypeId: id, quantity: 1 }));
  valueOf(await rig.operator.change('activateCards', [cardId]));
  return { cardId, pin: present((await desk.pinsOf(batchId)).get(cardId), 'a PIN') };
}

describe('a caller', () => {
  it('CARD-01, SEED-09: whom nobody knows, or who shows no number, is refused', async () => {
    for (const cli of ['0000', '', 'anonymous', '+', '0664123', newCli()]) expect([cli, await desk.payer({ cli })]).toEqual([cli, 'unknown_cid']);
    expect(await rig.database.query('SELECT cid, cardid FROM cid WHERE cidid = 1')).toEqual([{ cid: null, cardid: null }]);
  });

  it('is known by the number that is bound to a card, however it is written, and is told who pays', async () => {
    const [card, cli] = [await newCard(), newCli()];
    expect(valueOf(await desk.bind(card, cli))).toEqual({ cardId: card, clis: [cli.slice(1)] });
    for (const written of [cli, cli.replace('+', '00'), cli.slice(1)]) expect(await second.payer({ cli: written })).toBe(`card:${card}`);
    const [row] = await rig.database.query<{ cidid: number; cid: bigint; resellerid: number }>('SELECT c.cidid, i.cid, i.resellerid FROM card c JOIN cid i USING (cidid) WHERE c.cardid = $1', [card]);
    expect(row).toMatchObject({ cid: BigInt(cli.slice(1)), resellerid: 1 });
    expect(await rig.operator.balance(card)).not.toMatchObject({ reserved: 0n });
    expect(valueOf(await desk.unbind(card, cli))).toEqual({ cardId: card, clis: [] });
    expect(await desk.payer({ cli })).toBe('unknown_cid');
    expect(await rig.database.query('SELECT cidid FROM card WHERE cardid = $1', [card])).toEqual([{ cidid: 1 }]);
  });

  it('gets the refusals of the card that it calls with, and the same answer for the same call', async () => {
    const [card, cli] = [await newCard(), newCli()];
    valueOf(await desk.bind(card, cli));
    const first = await desk.authorize({ cli }, 'sw1/same/1');
    expect(first).toMatchObject({ case: 'authorized', value: { charged: { party: { case: 'cardId', value: card } } } });
    expect(await second.authorize({ cli }, 'sw1/same/1')).toEqual(first);
    expect(await desk.payer({ party: card }, 'sw1/same/1')).toBe('account:');
    valueOf(await desk.suspend([card], 'litigation'));
    expect(await desk.payer({ cli })).toBe('card_suspended_litigation');
  });

  it('is not asked again who it is: the same call gets the same answer, whatever became of number and PIN', async () => {
    const { cardId, pin } = await cardWithPin('same-answer');
    const cli = newCli();
    valueOf(await desk.bind(cardId, cli));
    const [byNumber, byPin] = [await desk.authorize({ cli }, 'sw1/same-number/1'), await desk.authorize({ cli: newCli(), pin }, 'sw1/same-pin/1')];
    valueOf(await desk.unbind(cardId, cli));
    expect([await desk.payer({ cli }), await second.authorize({ cli }, 'sw1/same-number/1')]).toEqual(['unknown_cid', byNumber]);
    expect(await second.authorize({ cli, pin: 'no more right' }, 'sw1/same-pin/1')).toEqual(byPin);
    expect(await desk.payer({ party: await newCard(), pin: 'wrong' }, 'sw1/same-pin/1')).toBe('auth_fail');
  });

  it.each([
    ['suspended', 'card_suspended_litigation', async (card: string) => void valueOf(await desk.suspend([card], 'litigation'))],
    ['deactivated', 'card_deactivated', async (card: string) => void valueOf(await rig.operator.change('deactivateCards', [card]))],
    ['expired', 'card_expired', async () => rig.clock.advanceSec(2 * 86_400)],
  ])('is refused where its card is %s while prices and carriers are asked for', async (_standing, code, meanwhile) => {
    const card = await rig.operator.activeCard(100n * euro, 1);
    rig.prices.meanwhile = () => meanwhile(card);
    const payer = await desk.payer({ party: card });
    rig.prices.meanwhile = () => Promise.resolve();
    expect([payer, await rig.operator.balance(card)]).toMatchObject([code, { reserved: 0n }]);
  });

  it('belongs to one card, whoever asks first', async () => {
    const cards = await rig.operator.activeCards(10, euro);
    const cli = newCli();
    const answers = await Promise.all(cards.map((card, at) => (at % 2 === 0 ? desk : second).bind(card, cli)));
    expect(answers.filter((answer) => answer.ok)).toHaveLength(1);
    expect(answers.filter((answer) => !answer.ok && answer.refusal.code === 'cli_taken')).toHaveLength(9);
    expect(await desk.bind('0000000000000000', newCli())).toMatchObject({ ok: false, refusal: { code: 'unknown_card' } });
    expect(await desk.bind(cards[0] ?? '', '0664')).toMatchObject({ ok: false, refusal: { code: 'number_not_international' } });
  });
});

describe('an address', () => {
  it('calls on its account, whatever number it shows', async () => {
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['A1', 'A2'], postpaid: true, creditLimit: { nanos: 100n * euro, currency: 'EUR' } }));
    const [card, cli] = [await newCard(), newCli()];
    valueOf(await desk.bind(card, cli));
    expect(valueOf(await desk.address('192.0.2.77', 'A1'))).toEqual({ address: '192.0.2.77', accountCode: 'A1' });
    expect(await desk.payer({ cli, address: '192.0.2.77' })).toBe('account:A1');
    expect(await desk.payer({ cli, address: '192.0.2.78' })).toBe(`card:${card}`);
    valueOf(await desk.address('2001:DB8:0::7', 'A2'));
    expect(await second.payer({ address: '2001:db8::7' })).toBe('account:A2');
    valueOf(await desk.address('192.0.2.77', 'A2'));
    expect(await desk.payer({ address: '192.0.2.77' })).toBe('account:A2');
    expect(valueOf(await desk.callers.listAddresses({ $typeName: 'tollwire.common.v1.Empty' }, { method: 'test', correlationId: 'test' })).addresses).toEqual([
      { address: '192.0.2.77', accountCode: 'A2' }, { address: '2001:db8::7', accountCode: 'A2' },
    ]);
    for (const _twice of [1, 2]) valueOf(await desk.removeAddress('192.0.2.77'));
    expect(await desk.payer({ address: '192.0.2.77' })).toBe('unknown_cid');
  });

  it('is an address, of an account that there is', async () => {
    const codeOf = async (address: string, code: string) => {
      const answer = await desk.address(address, code);
      return answer.ok ? 'registered' : answer.refusal.code;
    };
    expect([await codeOf('192.0.2.1', 'nobody'), await codeOf('192.0.2.1:5060', 'A1'), await codeOf('192.0.2.0/24', 'A1'), await codeOf('', 'A1')]).toEqual([
      'unknown_account', 'field_malformed', 'field_malformed', 'field_missing',
    ]);
    expect(await desk.payer({ address: 'sip.example' })).toBe('field_malformed');
  });
});

describe('a policy for unknown callers', () => {
  it('is that of the trunk, else of the switch, else of everywhere', async () => {
    valueOf(await desk.policy({ unknownCli: 'refuse' }));
    valueOf(await desk.policy({ switchId: 'sw1', unknownCli: 'ask_pin' }));
    valueOf(await desk.policy({ switchId: 'sw1', trunk: 'open', unknownCli: 'refuse' }));
    expect(await desk.payer({ cli: newCli() })).toBe('pin_required');
    expect(await desk.payer({ cli: newCli(), trunk: 'other' })).toBe('pin_required');
    expect(await desk.payer({ cli: newCli(), trunk: 'open' })).toBe('unknown_cid');
    expect(await desk.payer({ cli: newCli() }, 'sw9/1/1')).toBe('unknown_cid');
    const codeOf = async (init: Parameters<CallDesk['policy']>[0]) => {
      const answer = await desk.policy(init);
      return answer.ok ? 'set' : `${answer.refusal.code} ${answer.refusal.field ?? ''}`;
    };
    expect(await codeOf({ trunk: 't', unknownCli: 'refuse' })).toBe('field_missing switchId');
    expect(await codeOf({ unknownCli: 'shrug' })).toBe('field_malformed unknownCli');
    expect(await codeOf({ unknownCli: 'create' })).toBe('unknown_card_type cardTypeId');
    expect(await codeOf({ unknownCli: 'refuse', resellerId: 999 })).toBe('unknown_reseller resellerId');
    expect(await codeOf({ unknownCli: 'refuse', bindMax: 101 })).toBe('field_out_of_range bindMax');
  });

  it('CARD-03: creates one card for a number, however many first calls it makes at once', async () => {
    const { id: empty = 0 } = valueOf(await rig.operator.createCardType({ nanos: 0n }));
    const { id: worth = 0 } = valueOf(await rig.operator.createCardType({ nanos: 1_000n * euro }));
    valueOf(await desk.policy({ switchId: 'sw1', unknownCli: 'create', cardTypeId: empty }));
    const poor = newCli();
    expect(await desk.payer({ cli: poor })).toBe('insufficient_credit');
    expect(await rig.database.query('SELECT k.status, k.cardtypeid FROM cid c JOIN card k USING (cardid) WHERE c.cid = $1::bigint', [poor])).toEqual([{ status: 'active', cardtypeid: empty }]);
    valueOf(await desk.policy({ switchId: 'sw1', unknownCli: 'create', cardTypeId: worth }));
    const cli = newCli();
    const payers = await Promise.all(Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? desk : second).payer({ cli })));
    expect(new Set(payers).size).toBe(1);
    expect(payers[0]).toMatch(/^card:\d{16}$/);
    expect(await rig.database.query('SELECT count(*) AS count FROM card_state WHERE cardtypeid = $1', [worth])).toEqual([{ count: 1n }]);
    const types = await rig.database.query<{ type: string }>('SELECT type FROM event WHERE stream = $1 ORDER BY version', [payers[0]?.replace(':', '-')]);
    expect(types.map(({ type }) => type)).toEqual(['CardIssued', 'CardActivated', 'CliBound', 'CardFirstUsed']);
    expect(await desk.payer({ cli: 'anonymous' })).toBe('unknown_cid');
  }, 30_000);

  it('creates one card for a number that calls over two trunks at once, each with a card type of its own', async () => {
    const types = await Promise.all([1n, 2n].map(async (euros) => valueOf(await rig.operator.createCardType({ nanos: euros * euro })).id ?? 0));
    for (const [at, trunk] of ['north', 'south'].entries()) valueOf(await desk.policy({ switchId: 'sw1', trunk, unknownCli: 'create', cardTypeId: types[at] ?? 0 }));
    for (let round = 1; round <= 10; round += 1) {
      const cli = newCli();
      const calls = Array.from({ length: 6 }, (_, at) => (at % 2 === 0 ? desk : second).payer({ cli, trunk: at % 4 < 2 ? 'north' : 'south' }));
      expect(new Set(await Promise.all(calls)).size).toBe(1);
    }
    expect(await rig.database.query('SELECT count(*)::int AS count FROM card_state WHERE cardtypeid = ANY($1::int[])', [types])).toEqual([{ count: 10 }]);
    const [freed, cards] = [newCli(), new Set<string>()];
    for (const trunk of ['north', 'south', 'north']) {
      const payer = await desk.payer({ cli: freed, trunk });
      cards.add(payer);
      valueOf(await desk.unbind(payer.replace('card:', ''), freed));
    }
    expect([...cards]).toEqual([expect.stringMatching(/^card:\d{16}$/)]);
  }, 30_000);

  it('CARD-04: binds the number that gave a right PIN, up to its limit, and lets the PIN serve beyond it', async () => {
    valueOf(await desk.policy({ switchId: 'sw1', unknownCli: 'ask_pin', bindMax: 3 }));
    const { cardId, pin } = await cardWithPin('bind-by-pin');
    const clis = [newCli(), newCli(), newCli(), newCli()];
    for (const cli of clis) expect(await desk.payer({ cli, pin })).toBe(`card:${cardId}`);
    expect((await desk.card(cardId)).clis).toEqual(clis.slice(0, 3).map((cli) => cli.slice(1)));
    for (const cli of clis.slice(0, 3)) expect(await second.payer({ cli })).toBe(`card:${cardId}`);
    expect(await desk.payer({ cli: clis[3] ?? '' })).toBe('pin_required');
    const other = await cardWithPin('bind-by-other');
    expect(await desk.payer({ cli: clis[0] ?? '', pin: other.pin })).toBe(`card:${other.cardId}`);
    expect(await desk.payer({ cli: clis[0] ?? '' })).toBe(`card:${cardId}`);
    const rivals = await Promise.all(Array.from({ length: 8 }, () => desk.payer({ cli: newCli(), pin: other.pin })));
    expect(new Set(rivals)).toEqual(new Set([`card:${other.cardId}`]));
    expect((await desk.card(other.cardId)).clis).toHaveLength(3);
  }, 30_000);
});

describe('a request', () => {
  it('that names who pays is not asked who calls, and a PIN is of a card', async () => {
    const [card, cli] = [await newCard(), newCli()];
    expect(await desk.payer({ party: card, cli })).toBe('account:');
    valueOf(await rig.operator.openAccount({ customerId: 'pinless', accountCodes: ['P1'] }));
    expect(await desk.payer({ party: 'account:P1', pin: '12345678' })).toBe('field_malformed');
  });
});
