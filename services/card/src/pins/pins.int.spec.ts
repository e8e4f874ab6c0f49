import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { present } from '@tollwire/core';
import { CallDesk, passphrase } from '../fixture/callers.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { valueOf } from '../fixture/operator.fixture.ts';
import { forgetFailedTries } from '../sweeps/forget-tries.ts';
import { open } from './sealed-export.ts';

let rig: CardRig;
let desk: CallDesk;
let second: CallDesk;
beforeAll(async () => {
  rig = await cardRig('card-pins', { callSecMax: 600, graceSec: 60 }, { pins: { length: 10, triesMax: 3, sharedTriesMax: 5, windowSec: 900 } });
  [desk, second] = [new CallDesk(rig.deps), new CallDesk(rig.second.deps)];
});
afterAll(() => rig.close());

async function batchOf(batchId: string, quantity: number): Promise<string[]> {
  const { id = 0 } = valueOf(await rig.operator.createCardType({ nanos: 10n * euro }));
  const { cardIds = [] } = valueOf(await rig.operator.issueCards({ batchId, cardTypeId: id, quantity }));
  valueOf(await rig.operator.change('activateCards', cardIds));
  return cardIds;
}

/** A card with its PIN. */
async function cardWithPin(batchId: string): Promise<{ cardId: string; pin: string }> {
  const [cardId = ''] = await batchOf(batchId, 1);
  return { cardId, pin: present((await desk.pinsOf(batchId)).get(cardId), 'a PIN') };
}

/** Every row of every table, as text. */
async function everything(): Promise<string> {
  const tables = await rig.database.query<{ name: string }>(`SELECT oid::regclass::text AS name FROM pg_class
    WHERE relnamespace = current_schema()::regnamespace AND relkind = 'r' AND has_table_privilege(oid, 'SELECT')`);
  const rows = await Promise.all(tables.map(({ name }) => rig.database.query<{ row: string }>(`SELECT t::text AS row FROM ${name} t`)));
  // Bytes are shown in hexadecimal; what they hold is looked at as text, too.
  return rows.flat().flatMap(({ row }) => [row, ...(row.match(/\\\\?x(?:[0-9a-f]{2})+/g) ?? []).map((hex) => Buffer.from(hex.replace(/^\\+x/, ''), 'hex').toString('latin1'))]).join('\n');
}

describe('the PINs of a batch', () => {
  it('CARD-12: are unique, of one length, told once, and nowhere else to be found', async () => {
    const cardIds = await batchOf('thousand', 1_000);
    const printed: string[] = [];
    const writes = [process.stdout, process.stderr].map((stream) => ({ stream, write: stream.write.bind(stream) }));
    for (const { stream, write } of writes) stream.write = (text: string | Uint8Array) => (printed.push(String(text)), write(text));
    const pins = await desk.pinsOf('thousand');
    const one = present(pins.get(cardIds[0] ?? ''), 'a PIN');
    expect(await desk.payer({ pin: one })).toBe(`card:${cardIds[0]}`);
    expect(await desk.payer({ pin: one, party: cardIds[1] ?? '' })).toBe('auth_fail');
    for (const { stream, write } of writes) stream.write = write;
    expect([...pins.keys()].toSorted()).toEqual(cardIds.toSorted());
    expect(new Set(pins.values()).size).toBe(1_000);
    expect([...pins.values()].every((pin) => /^\d{10}$/.test(pin))).toBe(true);
    // Of a card's own number and of hashes a PIN may be a part by chance, so whole numbers are compared.
    const numbers = new Set([await everything(), ...printed].join('\n').match(/\d+/g));
    expect([...pins.values()].filter((pin) => numbers.has(pin))).toEqual([]);
    expect(await desk.makePins('thousand')).toMatchObject({ ok: false, refusal: { code: 'pins_exist' } });
    const events = await rig.database.query<{ data: object }>(`SELECT data FROM event WHERE type = 'PinsMade' AND stream = 'batch-thousand'`);
    expect(events).toMatchObject([{ data: { cardCount: 1_000, pinLength: 10 } }]);
    expect(Object.keys(events[0]?.data ?? {}).sort()).toEqual(['at', 'cardCount', 'pinLength']);
  }, 60_000);

  it('are opened by their passphrase only', async () => {
    await batchOf('sealed', 3);
    const made = valueOf(await desk.makePins('sealed', { pinLength: 12 }));
    const text = present(made.export, 'an export');
    expect(await open(text, 'another passphrase')).toBeNull();
    expect(await open(text, passphrase)).toMatch(/^cardId,pin\n(\d{16},\d{12}\n){3}$/);
  });

  it('are void when others are made', async () => {
    const { cardId, pin } = await cardWithPin('renewed');
    expect(await desk.payer({ pin })).toBe(`card:${cardId}`);
    const after = present((await desk.pinsOf('renewed', { renew: true })).get(cardId), 'a PIN');
    expect(await desk.payer({ pin })).toBe('auth_fail');
    expect(await desk.payer({ pin: after })).toBe(`card:${cardId}`);
  });

  it('are made once by two who ask at the same time', async () => {
    await batchOf('twice', 20);
    const made = await Promise.all([desk.makePins('twice'), second.makePins('twice')]);
    expect(made.map((answer) => (answer.ok ? 'made' : answer.refusal.code)).toSorted()).toEqual(['made', 'pins_exist']);
  });

  it('are unique over batches that are made at once, of cards that have many of them', async () => {
    const batches = ['at-once-1', 'at-once-2', 'at-once-3', 'at-once-4'];
    await Promise.all(batches.map((batch) => batchOf(batch, 50)));
    const made = await Promise.all(batches.map((batch, at) => (at % 2 === 0 ? desk : second).pinsOf(batch, { pinLength: 8 })));
    expect(new Set(made.flatMap((pins) => [...pins.values()])).size).toBe(200);
  });

  it('are refused where the request makes no sense', async () => {
    await batchOf('sense', 1);
    const codeOf = async (batchId: string, init: Parameters<CallDesk['makePins']>[1]) => {
      const answer = await desk.makePins(batchId, init);
      return answer.ok ? 'made' : `${answer.refusal.code} ${answer.refusal.field ?? ''}`;
    };
    expect(await codeOf('nowhere', {})).toBe('unknown_batch batchId');
    expect(await codeOf('sense', { pinLength: 7 })).toBe('field_out_of_range pinLength');
    expect(await codeOf('sense', { pinLength: 17 })).toBe('field_out_of_range pinLength');
    expect(await codeOf('sense', { passphrase: 'too short' })).toBe('field_out_of_range passphrase');
  });
});

describe('a wrong PIN', () => {
  it('CARD-02: is refused three times, then the caller is locked until one of them is a window old', async () => {
    rig.clock.set('2024-03-01T00:00:00Z');
    const { cardId, pin } = await cardWithPin('locked');
    valueOf(await desk.policy({ switchId: 'sw1', unknownCli: 'ask_pin' }));
    const cli = '+4366400001';
    expect(await desk.payer({ cli })).toBe('pin_required');
    const left: unknown[] = [];
    for (const wrong of ['1', '2', '3']) {
      const result = await desk.authorize({ cli, pin: wrong });
      left.push(result.case === 'refusal' ? [result.value.code, result.value.facts['triesLeft']] : result.case);
    }
    expect(left).toEqual([['auth_fail', '2'], ['auth_fail', '1'], ['auth_fail', '0']]);
    expect(await second.payer({ cli, pin })).toBe('pin_locked');
    expect(await desk.payer({ cli: '+4366400002', pin })).toBe(`card:${cardId}`);
    rig.clock.set('2024-03-01T00:14:59Z');
    expect(await desk.payer({ cli, pin })).toBe('pin_locked');
    rig.clock.set('2024-03-01T00:15:00Z');
    expect(await desk.payer({ cli, pin })).toBe(`card:${cardId}`);
  });

  it('is counted by trunk and address, too, and many at once have no more tries', async () => {
    rig.clock.set('2024-03-02T00:00:00Z');
    const { pin } = await cardWithPin('counted');
    const guesses = Array.from({ length: 20 }, (_, at) => (at % 2 === 0 ? desk : second).payer({ cli: `+43664100${10 + at}`, trunk: 't1', address: '192.0.2.1', pin: String(at) }));
    const codes = await Promise.all(guesses);
    expect(codes.filter((code) => code === 'auth_fail')).toHaveLength(5);
    expect(codes.filter((code) => code === 'pin_locked')).toHaveLength(15);
    expect(await desk.payer({ trunk: 't1', pin })).toBe('pin_locked');
    expect(await desk.payer({ address: '192.0.2.1', pin })).toBe('pin_locked');
    expect(await desk.payer({ trunk: 't2', address: '192.0.2.2', pin })).toMatch(/^card:/);
    rig.clock.advanceSec(960);
    await forgetFailedTries(rig.deps);
    expect(await rig.database.query('SELECT * FROM failed_try')).toEqual([]);
    expect(await desk.payer({ trunk: 't1', address: '192.0.2.1', pin })).toMatch(/^card:/);
  });

  it('comes three times within any quarter of an hour, not only within one that began with the first', async () => {
    rig.clock.set('2024-03-04T00:00:00Z');
    const cli = '+43664300001';
    const codes: string[] = [];
    for (const at of ['00:00:00', '00:14:58', '00:14:59', '00:15:00', '00:15:01', '00:15:02', '00:29:57', '00:29:58']) {
      rig.clock.set(`2024-03-04T${at}Z`);
      codes.push(await (codes.length % 2 === 0 ? desk : second).payer({ cli, pin: '1' }));
    }
    expect(codes).toEqual(['auth_fail', 'auth_fail', 'auth_fail', 'auth_fail', 'pin_locked', 'pin_locked', 'pin_locked', 'auth_fail']);
  });

  it('is answered the same whether nobody has it or another card', async () => {
    rig.clock.set('2024-03-03T00:00:00Z');
    const [one, two] = [await cardWithPin('same-1'), await cardWithPin('same-2')];
    const unknown = await desk.authorize({ pin: '00000000', party: one.cardId, cli: '+43664200001' });
    const others = await desk.authorize({ pin: two.pin, party: one.cardId, cli: '+43664200002' });
    const nobody = await desk.authorize({ pin: two.pin, party: '9999999999999999', cli: '+43664200003' });
    expect(unknown.case).toBe('refusal');
    expect([others, nobody]).toEqual([unknown, unknown]);
  });
});
