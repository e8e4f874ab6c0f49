import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { z } from 'zod';
import { serviceNames } from '../cli/project.ts';
import { Books } from './fixture/books.ts';
import { Rig } from './fixture/rig.ts';
import { activeCards, numbers, smallWorld, type SmallWorld } from './fixture/small-world.ts';
import { Switch } from './fixture/switch.ts';

jest.setTimeout(120_000);

/** Whoever is erased, under each role that a number has: who is called, and who calls. */
const [called, caller] = ['4315551234', '436769999999'];
const anything = z.object({});
const erasures = z.object({
  numbers: z.array(z.object({
    masked: z.string(), callCount: z.number(),
    services: z.array(z.object({
      service: z.string(), doneAt: z.string().optional(), problem: z.string().optional(),
      places: z.array(z.object({ place: z.string(), count: z.number(), kept: z.boolean().optional() })).default([]),
    })).default([]),
  })),
});

/** Where a number is known to stay: messages for seven days, and the order to erase it until every service has done so. */
const documented = ['card.outbox', 'cdr.number_erasure', 'cdr.outbox', 'edge.outbox', 'rating.outbox'];

let rig: Rig;
let world: SmallWorld;
let books: Books;
let sw: Switch;

beforeAll(async () => {
  rig = await Rig.start('erase');
  world = await smallWorld(rig.api);
  books = new Books(rig);
  sw = new Switch(rig.api, 'sw1');
});
afterAll(() => rig.stop());

/** Every table of every service in whose rows the digits stand, in whatever column: as text, number or JSON, or within bytes, which are printed as hexadecimal. */
async function tablesWith(digits: string): Promise<string[]> {
  const hex = Buffer.from(digits).toString('hex');
  const found = await Promise.all(serviceNames.map(async (service) => {
    const rows = await rig.query<{ name: string }>(service, `
      SELECT table_name AS name FROM information_schema.tables
      WHERE table_schema = 'public' AND table_type = 'BASE TABLE'
        AND query_to_xml(format('SELECT 1 FROM %I t WHERE t::text ~ %L LIMIT 1', table_name, $1::text), false, false, '')::text LIKE '%<row%'`, [`${digits}|${hex}`]);
    return rows.map(({ name }) => `${service}.${name}`);
  }));
  return found.flat().toSorted();
}

const eraseNumber = (number: string) => rig.api.post('/v1/number-erasures/number', { number, reason: 'she asked to' }, z.object({ callCount: z.number() }));
/** The newest erasure once every service named has done its part. */
const doneBy = (services: readonly string[]) => until(async () => {
  const [newest] = (await rig.api.get('/v1/number-erasures', erasures)).numbers;
  const done = newest?.services.filter(({ doneAt }) => doneAt !== undefined).map(({ service }) => service) ?? [];
  return services.every((service) => done.includes(service)) ? newest : undefined;
}, { timeoutMs: 60_000, everyMs: 250 });

describe('a number that is erased', () => {
  it('is nowhere in any database any more but where that is documented; prefixes, money and the other calls stay', async () => {
    const [card = ''] = await activeCards(rig.api, world, 'large', 1);
    await rig.api.post(`/v1/cards/${card}/clis`, { cli: `+${caller}` }, anything);
    await sw.call({ callId: 'to-vienna', payer: { cardId: card }, calledNumber: numbers.vienna, talkSec: 61 });
    await books.settled(sw.id, 'to-vienna');
    await rig.api.get(`/v1/calls?number=%2B${called}&reason=a%20complaint`, anything);
    // A call that cannot be rated, and a row of a file that cannot be read.
    await sw.tell(sw.eventsOf({ callId: 'stray', payer: { cardId: '9999999999999999' }, calledNumber: numbers.vienna, talkSec: 5 }, [{ carrierCode: 'NORTH' }]));
    await until(() => books.deadLettersOf('rating').then(([letter]) => letter));
    await rig.api.send('/v1/cdrs/import?format=asterisk_csv&switchId=pbx&importId=bad', 'text/csv', `a,${called},00${caller}\n`);
    const kept = ['card.reservation', 'edge.import_row_error', 'rating.dead_letter', 'rating.rated_call'];
    expect(await tablesWith(called)).toEqual(expect.arrayContaining(kept));
    expect(await tablesWith(caller)).toEqual(expect.arrayContaining(['card.cid', 'card.card_state', 'card.event', 'edge.import_row_error']));

    expect(await eraseNumber(numbers.vienna)).toEqual({ callCount: 2 });
    const erased = await doneBy(serviceNames);
    expect(erased).toMatchObject({ masked: '431555****', callCount: 2 });
    const places = Object.fromEntries(erased.services.map(({ service, places: each }) => [service, each.map(({ place, count }) => `${place} ${count}`)]));
    expect(places).toMatchObject({ card: ['reservation 1'], edge: ['import_row_error 1'], rating: ['dead_letter 1', 'rated_call 1'] });
    expect((await tablesWith(called)).filter((table) => !documented.includes(table))).toEqual([]);
    expect(await books.settled(sw.id, 'to-vienna')).toMatchObject({ sell: { amount: '0.05' } });
    expect(await books.explain(sw.id, 'to-vienna')).toMatchObject({ rated: { sell: { amount: { amount: '0.05' } } } });

    await eraseNumber(`00${caller}`);
    await doneBy(serviceNames);
    expect((await tablesWith(caller)).filter((table) => !documented.includes(table))).toEqual([]);
    expect(await rig.api.get(`/v1/cards/${card}`, z.looseObject({}))).not.toHaveProperty('clis', [caller]);
  });

  it('is taken out of a service that was down once that is there again', async () => {
    const [card = ''] = await activeCards(rig.api, world, 'large', 1);
    await rig.api.post(`/v1/cards/${card}/clis`, { cli: numbers.berlin }, anything);
    await rig.service('card').kill();
    await eraseNumber(numbers.berlin);
    const waiting = await doneBy(['catalog', 'cdr', 'edge', 'rating', 'routing']);
    expect(waiting.services.find(({ service }) => service === 'card')).toEqual({ service: 'card', problem: 'service_unavailable', places: [] });
    expect(await tablesWith('49301234567')).toEqual(expect.arrayContaining(['card.cid', 'card.event']));
    rig.service('card').start();
    await rig.service('card').ready();
    await doneBy(['card']);
    expect((await tablesWith('49301234567')).filter((table) => !documented.includes(table))).toEqual([]);
  });
});
