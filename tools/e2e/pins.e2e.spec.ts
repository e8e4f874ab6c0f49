import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { until } from '@tollwire/testing';
import { z } from 'zod';
import { open } from '../../services/card/src/pins/sealed-export.ts';
import { serviceNames } from '../cli/project.ts';
import { Collector } from './fixture/collector.ts';
import { publishedEvents, storedEvents } from './fixture/published.ts';
import { Rig } from './fixture/rig.ts';
import { numbers, smallWorld } from './fixture/small-world.ts';

// Six processes start on a machine that may be busy.
jest.setTimeout(120_000);

const passphrase = 'correct horse battery staple';
const count = 1_000;

let collector: Collector;
let rig: Rig;
beforeAll(async () => {
  collector = await Collector.start();
  rig = await Rig.start('pins', { environment: collector.environment });
});
afterAll(async () => {
  await rig.stop();
  await collector.stop();
});

const authorized = z.looseObject({ allowed: z.boolean(), charged: z.object({ cardId: z.string() }).optional(), refusal: z.looseObject({ code: z.string() }).optional() });

it('CARD-12: the PINs of a batch are in its export, and in no event, log, trace or metric, whether they are right or wrong', async () => {
  const { api } = rig;
  const world = await smallWorld(api);
  const anything = z.unknown();
  await api.post('/v1/card-batches', { batchId: 'pins', cardTypeId: world.cardTypeIds.large, resellerId: world.resellerId, quantity: count }, anything);
  const made = await api.post('/v1/card-batches/pins/pins', { passphrase, pinLength: 16 }, z.object({ export: z.string() }));
  const pins = new Map(((await open(made.export, passphrase)) ?? '').trim().split('\n').slice(1).map((line) => {
    const [cardId = '', pin = ''] = line.split(',');
    return [cardId, pin];
  }));
  expect(pins.size).toBe(count);
  const [[cardId, pin] = ['', ''], [other, otherPin] = ['', '']] = [...pins];
  await api.post('/v1/cards/activate', { cardIds: [cardId, other] }, anything);
  const call = (callId: string, presents: object) => api.post('/v1/calls/authorize', { switchId: 'sw1', callId, calledNumber: numbers.mobile, ...presents }, authorized);
  expect(await call('right', { pin, cli: '+4366499999' })).toMatchObject({ allowed: true, charged: { cardId } });
  expect(await call('wrong', { pin: otherPin, cardId, cli: '+4366488888' })).toMatchObject({ allowed: false, refusal: { code: 'auth_fail' } });
  await expect(api.post('/v1/card-batches/pins/pins', { passphrase, pinLength: 16 }, anything)).rejects.toThrow('pins_exist');
  // What nobody may say is looked for where something was said.
  await until(() => collector.spans.find(({ name }) => name.endsWith('CardLifeService/MakePins')));
  await until(async () => (await publishedEvents(rig)).some(({ type }) => type.endsWith('CreditReserved')));
  expect(rig.linesWith([...pins.values(), passphrase])).toEqual([]);
  const metrics = await Promise.all(serviceNames.map((name) => rig.service(name).metrics()));
  const events = [...(await storedEvents(rig)), ...(await publishedEvents(rig))].map(({ dataBytes }) => Buffer.from(dataBytes).toString('latin1'));
  const own = await rig.query<{ data: string }>('card', 'SELECT data::text || meta::text AS data FROM event');
  const said = [...collector.bodies, ...metrics, ...events, ...own.map(({ data }) => data)].join('\n');
  expect([...pins.values(), passphrase].filter((secret) => said.includes(secret))).toEqual([]);
});
