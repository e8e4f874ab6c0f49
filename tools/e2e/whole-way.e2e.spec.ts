import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { headers } from '@nats-io/transport-node';
import { batchContentType, encodeEvent, partitionOf, publicEventOf, publicEvents, subjectOf } from '@tollwire/contracts';
import { connectBus } from '@tollwire/messaging';
import { table, until } from '@tollwire/testing';
import { z } from 'zod';
import { nanosOfText, readTotals } from '../demo/totals.ts';
import { serviceNames } from '../cli/project.ts';
import { Books } from './fixture/books.ts';
import { holdBackRelay, Rig } from './fixture/rig.ts';
import { activeCards, numbers, resellerPassword, sleepingCards, smallWorld, type SmallWorld } from './fixture/small-world.ts';
import { Switch, type WrittenCall } from './fixture/switch.ts';

// Six processes start on a machine that may be busy.
jest.setTimeout(90_000);

let rig: Rig;
let world: SmallWorld;
let books: Books;
let sw: Switch;
/** Every card of the run, none of which may be in a log. */
const cardIds: string[] = [];

beforeAll(async () => {
  rig = await Rig.start('whole');
  world = await smallWorld(rig.api);
  books = new Books(rig);
  sw = new Switch(rig.api, 'sw1');
});
afterAll(async () => {
  const codes = await rig.stop();
  expect(codes).toEqual({ edge: 0, card: 0, rating: 0, routing: 0, catalog: 0, cdr: 0 });
});

const cards = async (type: 'large' | 'small', count: number) => {
  const made = await activeCards(rig.api, world, type, count);
  cardIds.push(...made);
  return made;
};
const oneCard = async (type: 'large' | 'small' = 'large') => (await cards(type, 1))[0] ?? '';
const isNumber = (name: string): name is keyof typeof numbers => name in numbers;
const numberOf = (name: string) => (isNumber(name) ? numbers[name] : name);

// Worked out by hand from the rates in small-world.ts: first the cheapest carrier, then what is billed and charged.
const calls = table<'callId' | 'payer' | 'number' | 'talk' | 'carrier' | 'billed' | 'sell' | 'buy'>(`
  callId  payer    number  talk  carrier  billed  sell      buy
  c1      card     vienna  61    NORTH    120     0.05      0.010268333
  c2      card     mobile  31    EAST     36      0.0841    0.042
  c3      card     berlin  7     NORTH    7       0.0039    0.015
  c4      card     mobile  0     -        0       0.00      -
  c5      account  vienna  31    NORTH    36      0.0126    0.005218333
  c6      account  mobile  100   EAST     100     0.1645    0.119
  c7      account  berlin  45    NORTH    48      0.02392   0.015
`);

describe('calls that were authorized', () => {
  let card: string;
  beforeAll(async () => {
    card = await oneCard();
    for (const { callId, payer, number, talk } of calls) {
      const call = { callId, payer: payer === 'card' ? { cardId: card } : { accountCode: world.accountCode }, calledNumber: numberOf(number), talkSec: Number(talk) };
      const answer = await sw.call(call);
      expect(answer.allowed ? 'allowed' : answer.refusal).toBe('allowed');
      // What is reserved for this call is free for the next one only then.
      await books.settled(sw.id, callId);
    }
  });

  it.each(calls)('$callId costs the same to the record, the rating and the ledger: $sell', async ({ callId, carrier, billed, sell, buy }) => {
    const record = await books.settled(sw.id, callId);
    const { rated } = await books.explain(sw.id, callId);
    expect({ ...record, sell: record.sell?.amount, buy: record.buy?.amount ?? '' }).toMatchObject({ carrierCode: carrier, sell, buy });
    expect(rated.sell).toMatchObject({ amount: { amount: sell, currency: 'EUR' }, billedSec: Number(billed) });
    const [charge, ...more] = await books.chargesOf(sw.id, callId);
    expect({ ...charge, amount: nanosOfText(charge?.amount ?? ''), more }).toEqual({ revision: 1, amount: nanosOfText(sell), reservation: 'settled', more: [] });
  });

  it('leaves the card and the account with what is left, to the nano', async () => {
    expect(await books.balanceOf(`cards/${card}`)).toEqual({ credit: '99.862', reserved: '0.00', available: '99.862' });
    expect(await books.balanceOf(`accounts/${world.accountCode}`)).toEqual({ credit: '9.79898', reserved: '0.00', available: '9.79898' });
  });

  it('are compared by another policy: each is priced and routed by its whole number', async () => {
    const after = { staticRoutes: [{ prefix: '43', carrierCodes: ['EAST'] }] };
    const asked = { voipPlanId: world.voipPlanId, after, accountCode: world.accountCode };
    const compared = await until(async () => {
      const answer = await rig.api.post('/v1/routing-policies/what-if', asked, z.object({ callCount: z.number(), unpricedCount: z.number(), moves: z.array(z.looseObject({})) }));
      if (answer.callCount < 3) throw new Error(`only ${answer.callCount} calls are compared`);
      return answer;
    });
    expect(compared).toMatchObject({ callCount: 3, unpricedCount: 0, moves: [{ from: 'NORTH', to: 'EAST', callCount: 1 }] });
  });

  it('explains each step of a price', async () => {
    const { sellSteps, buySteps } = await books.explain(sw.id, 'c2');
    expect(sellSteps.slice(-4)).toEqual([
      '31 s are billed as 36 s: first block 30 s + 1 × 6 s',
      '36 s × 0.123457/min ÷ 60 = 0.0740742 EUR',
      '+ connect fee 0.01 = 0.0840742 EUR',
      'rounded up to 4 decimals = 0.0841 EUR',
    ]);
    expect(sellSteps).toEqual(expect.arrayContaining([`pays by plan tariff:${world.tariffId}`, 'rate 0.123457 EUR/min, increments 30/6 s']));
    expect(buySteps).toEqual(expect.arrayContaining(['bought from carrier EAST', '36 s × 0.07/min ÷ 60 = 0.042 EUR']));
  });
});

describe('calls to ported numbers', () => {
  // Sold as mobile, and bought where the number has gone: NORTH is cheapest there.
  const talk = { talkSec: 60, calledNumber: numbers.mobile, routingNumber: '+43155598765' };
  it.each([
    ['is said by the end of the call, too', { routingNumber: '+43155598765' }],
    ['is said when the call is authorized only', {}],
  ])('are sold by the called number, and bought by the one that they were routed by, which %s', async (what, more) => {
    const callId = `ported-${what.length}`;
    const call = { ...talk, callId, payer: { cardId: await oneCard() } };
    const answer = await sw.authorize(call);
    expect(answer).toMatchObject({ allowed: true, calledE164: '436641234567', routedBy: '43155598765', carriers: [{ carrierCode: 'NORTH' }, { carrierCode: 'EAST' }] });
    const events = sw.eventsOf(call, answer.allowed ? answer.carriers : []);
    await sw.tell(events.map((event) => (event['type'] === 'CallEnded' ? { ...event, ...more } : event)));
    // 0.01 + 60 s × 0.123457/min; 60 s × 0.0101/min.
    expect(await books.settled(sw.id, callId)).toMatchObject({ sell: { amount: '0.1335' }, buy: { amount: '0.0101' }, carrierCode: 'NORTH' });
    const explained = await rig.api.get(`/v1/calls/${sw.id}/${callId}/explain?reason=a%20spec`, z.object({ route: z.looseObject({}), rated: z.looseObject({}), buySteps: z.array(z.string()) }));
    expect(explained).toMatchObject({ route: { calledE164: '436641234567', routedBy: '43155598765' }, rated: { routedBy: '43155598765' } });
    expect(explained.buySteps).toContain('number portability led to 43155598765: what carriers take is looked up by that');
    const masked = await rig.api.get(`/v1/calls/${sw.id}/${callId}/explain`, z.looseObject({}));
    expect(JSON.stringify(masked)).not.toContain('98765');
  });
});

describe('calls that may not go ahead', () => {
  it('are refused with the reason, and cost nothing', async () => {
    const [sleeping = ''] = await sleepingCards(rig.api, world, 'large', 1);
    cardIds.push(sleeping);
    const asked = [
      [{ cardId: '0000000000000001' }, 'mobile', 'unknown_card'],
      [{ accountCode: 'NOBODY' }, 'mobile', 'unknown_account'],
      [{ cardId: sleeping }, 'mobile', 'not_activated'],
      [{ cardId: await oneCard() }, 'premium', 'no_sell_rate'],
      [{ accountCode: world.accountCode }, 'premium', 'destination_banned'],
      [{ cardId: await oneCard() }, '0664 123', 'number_not_international'],
    ] as const;
    for (const [at, [payer, number, code]] of asked.entries()) {
      expect(await sw.authorize({ callId: `refused-${at}`, payer, calledNumber: numberOf(number) })).toMatchObject({ allowed: false, refusal: { code } });
    }
    expect(await books.balanceOf(`cards/${sleeping}`)).toEqual({ credit: '100.00', reserved: '0.00', available: '100.00' });
    const refused = z.object({ calls: z.array(z.object({ call: z.object({ callId: z.string() }), calledE164: z.string(), refusal: z.object({ code: z.string() }) })) });
    const list = async (payer: string) => (await rig.api.get(`/v1/calls/refused?${payer}`, refused)).calls.map(({ call, refusal }) => [call.callId, refusal.code]);
    expect(await list(`cardId=${sleeping}`)).toEqual([['refused-2', 'not_activated']]);
    expect(await list(`accountCode=${world.accountCode}&code=destination_banned`)).toEqual([['refused-4', 'destination_banned']]);
  });

  it('are those that the credit does not pay for, while what it pays for is reserved', async () => {
    const card = await oneCard('small');
    const call = { callId: 'last-cents', payer: { cardId: card }, calledNumber: numbers.mobile };
    // 0.01 + 42 s × 0.123457/min ÷ 60 = 0.0964199, and one increment more would be 0.1087656.
    const first = await sw.authorize(call);
    expect(first).toMatchObject({ allowed: true, maxDurationSec: 42, reserved: { amount: '0.0965' } });
    expect(await sw.authorize(call)).toEqual(first);
    expect(await sw.authorize({ ...call, callId: 'too-much' })).toMatchObject({ allowed: false, refusal: { code: 'insufficient_credit' } });
    expect(await books.balanceOf(`cards/${card}`)).toEqual({ credit: '0.10', reserved: '0.0965', available: '0.0035' });
    await sw.tell(sw.eventsOf({ ...call, talkSec: 500 }, [{ carrierCode: 'EAST' }], 42));
    await books.settled(sw.id, 'last-cents');
    expect(await books.balanceOf(`cards/${card}`)).toEqual({ credit: '0.0035', reserved: '0.00', available: '0.0035' });
  });
});

/** All of a record but when it was heard of, which is another time with every call. */
function withoutReceipts(record: object): object {
  return Object.fromEntries(Object.entries(record).filter(([name]) => !name.endsWith('ReceivedAt')));
}

describe('events that come twice, late, or by several adapters', () => {
  it('make the same record and one charge in every order', async () => {
    const [card = ''] = await cards('large', 1);
    const orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]];
    // Lately: a start of an hour ago that is told by itself would be closed by the rule of silence, if that looks just then, and its end be a late one.
    const call = { payer: { cardId: card }, calledNumber: numbers.mobile, talkSec: 31, agoMs: 60_000 };
    const events = sw.eventsOf({ ...call, callId: '' }, [{ carrierCode: 'EAST' }]);
    for (const order of orders) {
      const callId = `order-${order.join('')}`;
      const told = order.map((at) => ({ ...events[at], callId }));
      for (const event of told) await sw.tell([event]);
      await sw.tell([...told, ...told].reverse());
    }
    // A call may be rated before its start was heard of; the record says so until it is.
    const complete = async (order: readonly number[]) => {
      const { call: named, ...record } = await books.settled(sw.id, `order-${order.join('')}`);
      expect(named).toMatchObject({ callId: `order-${order.join('')}` });
      return record.flags.length === 0 ? withoutReceipts(record) : undefined;
    };
    const records = await Promise.all(orders.map((order) => until(() => complete(order))));
    expect(records).toEqual(records.map(() => records[0]));
    for (const order of orders) expect(await books.chargesOf(sw.id, `order-${order.join('')}`)).toHaveLength(1);
    expect(await books.balanceOf(`cards/${card}`)).toMatchObject({ credit: '99.4954', reserved: '0.00' });
  });

  it('are one call when an adapter in the same network tells the bus itself', async () => {
    const card = await oneCard();
    const written = { callId: 'by-two', payer: { cardId: card }, calledNumber: numbers.vienna, talkSec: 60 };
    const [, , ended] = sw.eventsOf(written, [{ carrierCode: 'NORTH' }]);
    const usOf = (name: string) => BigInt(Date.parse(String(ended?.[name]))) * 1000n;
    const event = publicEventOf(publicEvents.CallEnded, {
      source: 'radius', timeUs: Number(usOf('endedAt')), parts: ['by-two'],
      data: {
        call: { switchId: sw.id, callId: 'by-two', leg: 0 }, charged: { party: { case: 'cardId', value: card } }, cli: '436769999999', calledNumber: numbers.vienna,
        startedAtUs: usOf('startedAt'), answeredAtUs: usOf('answeredAt'), endedAtUs: usOf('endedAt'), q850Cause: 16, carrierCode: 'NORTH',
      },
    });
    const bus = await connectBus({ url: rig.busUrl, name: 'adapter' });
    const subject = subjectOf(rig.place.busRoot, publicEvents.CallEnded, partitionOf(event.key));
    const contentType = headers();
    contentType.set('content-type', batchContentType);
    await bus.jetstream.publish(subject, encodeEvent(event), { headers: contentType });
    await bus.close();
    expect(await books.settled(sw.id, 'by-two')).toMatchObject({ sell: { amount: '0.025' } });
    await sw.tell([ended, ended].flatMap((told) => (told === undefined ? [] : [told])));
    // What is told later is heard later: when this call is closed, the repeats were heard too.
    await sw.call({ ...written, callId: 'after-two' });
    await books.settled(sw.id, 'after-two');
    expect(await books.chargesOf(sw.id, 'by-two')).toHaveLength(1);
    expect(await books.balanceOf(`cards/${card}`)).toMatchObject({ credit: '99.95' });
  });
});

describe('calls of nobody known', () => {
  it('are kept and parked with the reason, while the others go on', async () => {
    const stray: WrittenCall = { callId: 'stray', payer: { cardId: '9999999999999999' }, calledNumber: numbers.vienna, talkSec: 60 };
    cardIds.push('9999999999999999');
    await sw.tell(sw.eventsOf(stray, [{ carrierCode: 'NORTH' }]));
    expect(await until(() => books.deadLettersOf('rating').then(([letter]) => letter))).toMatchObject({ consumer: 'rate', reason: 'unknown_party' });
    expect(await books.recordWith('ended', sw.id, 'stray')).not.toHaveProperty('sell');
    expect(await books.redrive('rating')).toEqual({ redrivenCount: 0, parkedAgainCount: 1 });
    expect(await books.deadLettersOf('rating')).toMatchObject([{ reason: 'unknown_party' }]);
    await sw.call({ ...stray, callId: 'after-stray', payer: { cardId: await oneCard() } });
    expect(await books.settled(sw.id, 'after-stray')).toMatchObject({ sell: { amount: '0.025' } });
  });

  it('are charged in the end where it was only that rating had not heard of the card yet', async () => {
    const release = await holdBackRelay(rig, 'card');
    const card = await oneCard();
    const early: WrittenCall = { callId: 'early', payer: { cardId: card }, calledNumber: numbers.vienna, talkSec: 60 };
    await sw.tell(sw.eventsOf(early, [{ carrierCode: 'NORTH' }]));
    await until(() => books.deadLettersOf('rating').then((letters) => letters.length === 2));
    await release();
    // Rating tries by itself, after 5 s and 10 s more.
    expect(await books.settled(sw.id, 'early')).toMatchObject({ sell: { amount: '0.025' } });
    expect(await books.chargesOf(sw.id, 'early')).toMatchObject([{ revision: 1, reservation: null }]);
    expect(await books.balanceOf(`cards/${card}`)).toMatchObject({ credit: '99.975', reserved: '0.00' });
  });
});

describe('files of CDRs', () => {
  const fileLine = z.looseObject({ call: z.string().default('') });
  const start = Math.floor(Date.now() / 1000) - 7_200;
  const local = (sec: number) => new Date(sec * 1000).toISOString().slice(0, 19).replace('T', ' ');
  const [answered, ended] = [start + 4, start + 65];
  const us = (sec: number) => `${sec}000000`;
  const files = {
    freeswitch_json: [
      JSON.stringify({
        variables: {
          uuid: 'fs-1', accountcode: 'ACME-01', carrier_code: 'NORTH', hangup_cause_q850: '16',
          start_uepoch: us(start), answer_uepoch: us(answered), end_uepoch: us(ended),
        },
        callflow: [{ caller_profile: { caller_id_number: '+436769999999', destination_number: numbers.vienna } }],
      }),
      '{"variables":{"uuid":"broken","start_uepoch":"yesterday"}}',
    ],
    asterisk_csv: [
      [
        ...['ACME-01', '436769999999', numbers.vienna, 'out', '', 'PJSIP/ACME-01-1', 'PJSIP/NORTH-2', 'Dial', ''],
        ...[local(start), local(answered), local(ended), '65', '61', 'ANSWERED', 'DOCUMENTATION', 'as-1', ''],
      ].map((field) => `"${field}"`).join(','),
      '"acc","4366","not,enough,columns"',
    ],
    kamailio_acc: [
      JSON.stringify({
        start_time: `${answered}.0`, end_time: `${ended}.0`, duration: '61.000', callid: 'ka-1',
        src_user: '436769999999', dst_user: numbers.vienna, account: 'ACME-01', carrier: 'NORTH',
      }),
      '{"method":"INVITE","callid":"x","sip_code":"700"}',
    ],
  };

  it.each(Object.entries(files))('%s: each row is answered, bad ones by their reason, and the file sent twice is taken once', async (format, rows) => {
    const before = await books.balanceOf(`accounts/${world.accountCode}`);
    const path = `/v1/cdrs/import?format=${format}&switchId=${format}&importId=${format}`;
    const sendFile = async () => (await rig.api.send(path, 'text/plain', `${rows.join('\n')}\n`)).trim().split('\n');
    const lines = (await sendFile()).map((line) => fileLine.parse(JSON.parse(line)));
    expect(lines).toMatchObject([{ line: 1, accepted: true }, { line: 2, accepted: false, code: expect.any(String), field: expect.any(String) }, { done: true, accepted: 1, refused: 1 }]);
    await sendFile();
    const [, callId = ''] = (lines[0]?.call ?? '').split('/');
    // 61 s are billed as 66: 66 s × 0.021/min ÷ 60.
    expect(await books.settled(format, callId)).toMatchObject({ sell: { amount: '0.0231' }, carrierCode: 'NORTH', buy: { amount: '0.010268333' } });
    expect(await books.chargesOf(format, callId)).toMatchObject([{ revision: 1, amount: '0.0231' }]);
    const after = await books.balanceOf(`accounts/${world.accountCode}`);
    expect(nanosOfText(before.credit) - nanosOfText(after.credit)).toBe(nanosOfText('0.0231'));
    expect(await rig.query('edge', 'SELECT count(*)::int AS kept FROM import_row_error WHERE import_id = $1', [format])).toEqual([{ kept: 1 }]);
  });
});

describe('the books as a whole', () => {
  it('agree: what was sold is what was charged, and every transfer has its two sides', async () => {
    const { card, rating, cdr } = await until(async () => {
      const totals = await readTotals(rig.api);
      return totals.cdr.closedCount === totals.card.chargeCount ? totals : undefined;
    });
    expect(rating.sell).toEqual(card.charged);
    expect(card.ledgerSum.map(({ amount }) => nanosOfText(amount))).toEqual([0n]);
    expect({ closed: cdr.closedCount, rated: rating.ratedCount, stray: cdr.callCount - cdr.closedCount }).toEqual({ closed: card.chargeCount, rated: card.chargeCount, stray: 1 });
    expect(await rig.query('card', `SELECT call_key FROM reservation WHERE state = 'open'`)).toEqual([]);
    expect([card.deadLetterCount, rating.deadLetterCount, cdr.deadLetterCount]).toEqual([0, 1, 0]);
  });

  it('are closed to all others: no service gets into the database of another', async () => {
    for (const service of serviceNames) {
      for (const other of serviceNames) {
        const attempt = rig.connects(service, other);
        if (service === other) await attempt;
        else await expect(attempt).rejects.toThrow('permission denied for database');
      }
    }
  });

  it('left no card, password or key in any log', () => {
    expect(cardIds.length).toBeGreaterThan(8);
    expect(rig.linesWith([...cardIds, resellerPassword])).toEqual([]);
  });
});
