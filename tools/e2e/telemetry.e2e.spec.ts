import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { metricNames } from '@tollwire/platform';
import { table, until } from '@tollwire/testing';
import { serviceNames, type ServiceName } from '../cli/project.ts';
import { Books } from './fixture/books.ts';
import { type CollectedSpan, Collector } from './fixture/collector.ts';
import { byLabel, type MetricSample, samplesOf } from './fixture/prometheus.ts';
import { publishedEvents, storedEvents, type ToldBy } from './fixture/published.ts';
import { holdBackRelay, Rig } from './fixture/rig.ts';
import { activeCards, numbers, resellerPassword, smallWorld, type SmallWorld } from './fixture/small-world.ts';
import { Switch } from './fixture/switch.ts';

// Six processes start on a machine that may be busy.
jest.setTimeout(90_000);

const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
const callerSpanId = '00f067aa0ba902b7';

let collector: Collector;
let rig: Rig;
let world: SmallWorld;
let books: Books;
let sw: Switch;
let cardId: string;

beforeAll(async () => {
  collector = await Collector.start();
  rig = await Rig.start('telemetry', { environment: collector.environment });
  world = await smallWorld(rig.api);
  books = new Books(rig);
  sw = new Switch(rig.api, 'sw1');
  [cardId = ''] = await activeCards(rig.api, world, 'large', 1);
});
afterAll(async () => {
  await rig.stop();
  await collector.stop();
});

const call = () => ({ payer: { cardId }, calledNumber: numbers.mobile, talkSec: 10 });
const metricsOf = async (name: ServiceName): Promise<MetricSample[]> => samplesOf(await rig.service(name).metrics());
const valueOf = async (service: ServiceName, name: string) => (await metricsOf(service)).find((sample) => sample.name === name)?.value ?? -1;

describe('a traced call', () => {
  /** A request as an adapter sends it that has a trace of its own. */
  const post = async (path: string, body: unknown): Promise<number> => {
    const headers = { authorization: `Bearer ${rig.secrets.edgeAdminKey}`, 'content-type': 'application/json', traceparent: `00-${traceId}-${callerSpanId}-01` };
    return (await fetch(`${rig.service('edge').url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })).status;
  };
  const spans = () => collector.spansOf(traceId);
  const spanOf = (service: string, kind: number, name: string) => spans().find((span) => span.service === `tollwire-${service}` && span.kind === kind && span.name === name);
  const parentOf = ({ parentSpanId }: CollectedSpan) => spans().find(({ spanId }) => spanId === parentSpanId);
  /** Kinds of spans by their numbers in OTLP. */
  const [server, client, consumer] = [2, 3, 5];

  beforeAll(async () => {
    expect(await post('/v1/calls/authorize', { switchId: 'sw1', callId: 'traced', cardId, calledNumber: numbers.mobile })).toBe(200);
    expect(await post('/v1/calls/events', { events: sw.eventsOf({ ...call(), callId: 'traced' }, [{ carrierCode: 'EAST' }]) })).toBe(202);
    await books.settled('sw1', 'traced');
  });

  it.each(table<'asks' | 'method' | 'answers'>(`
    asks  method                                answers
    edge  tollwire.card.v1.CardService/Authorize     card
    card  tollwire.rating.v1.RatingService/Quote     rating
    card  tollwire.routing.v1.RoutingService/Route   routing
  `))('goes from $asks to $answers, in one trace', async ({ asks, method, answers }) => {
    const answering = await until(() => spanOf(answers, server, method));
    const asking = await until(() => parentOf(answering));
    expect(asking).toMatchObject({ service: `tollwire-${asks}`, kind: client, name: method });
    const cause = await until(() => parentOf(asking));
    expect(cause).toMatchObject({ service: `tollwire-${asks}`, kind: server });
  });

  it('begins where the adapter left off', async () => {
    for (const name of ['POST /v1/calls/authorize', 'POST /v1/calls/events']) {
      expect(await until(() => spanOf('edge', server, name))).toMatchObject({ parentSpanId: callerSpanId });
    }
  });

  it.each(table<'service' | 'batch'>(`
    service  batch
    cdr      process cdr-track
    rating   process rating-rate
    card     process card-settle-charges
    cdr      process cdr-close
  `))('goes over the bus into the batch "$batch" of $service', async ({ service, batch }) => {
    const handled = await until(() => spanOf(service, consumer, batch));
    const told = await until(() => spanOf('edge', server, 'POST /v1/calls/events'));
    expect(handled.parentSpanId).toBe(told.spanId);
    expect(handled.links).toMatchObject([{ traceId, spanId: told.spanId }]);
  });

  it.each([['stored', storedEvents], ['published', publishedEvents]] as const)('stands on every event of the call that is %s', async (_where, read) => {
    const ofCall = (event: ToldBy) => Buffer.from(event.dataBytes).includes('traced');
    const names = ['CallAnswered', 'CallEnded', 'CallRated', 'CallStarted', 'CardDebited', 'CdrClosed', 'CreditReserved'];
    const found = await until(async () => {
      const events = (await read(rig)).filter(ofCall);
      return events.length >= names.length ? events : undefined;
    });
    expect(found.map(({ type }) => type.split('.').at(-1)).sort()).toEqual(names);
    const traces = found.map(({ type, traceparent = '' }) => [type, traceparent.split('-')[1]]);
    expect(traces).toEqual(found.map(({ type }) => [type, traceId]));
  });

  it('says nothing of who pays or whom they call', () => {
    expect(collector.bodies.length).toBeGreaterThan(0);
    for (const secret of [cardId, '436641234567', rig.secrets.edgeAdminKey]) expect(collector.bodies.filter((body) => body.includes(secret))).toEqual([]);
  });
});

/** The names that dashboards and alerts are built on: to change one is to break them. */
const documented = [
  'tollwire_card_authorizations_total',
  'tollwire_card_charged_units',
  'tollwire_card_charges_total',
  'tollwire_card_expired_reservations_total',
  'tollwire_card_extensions_total',
  'tollwire_card_money_in_total',
  'tollwire_card_open_reservations',
  'tollwire_card_released_calls_total',
  'tollwire_cdr_closed_calls_total',
  'tollwire_cdr_conversation_seconds_total',
  'tollwire_cdr_dropped_rows_total',
  'tollwire_consumer_batch_seconds',
  'tollwire_consumer_events_total',
  'tollwire_consumer_lag_messages',
  'tollwire_consumer_parked_total',
  'tollwire_consumer_retried_total',
  'tollwire_dead_letters',
  'tollwire_deck_version',
  'tollwire_edge_call_events_total',
  'tollwire_edge_import_queue_calls',
  'tollwire_event_gate_age_seconds',
  'tollwire_http_request_seconds',
  'tollwire_outbox_oldest_age_seconds',
  'tollwire_outbox_pending_rows',
  'tollwire_rating_rated_calls_total',
  'tollwire_refused_events_total',
  'tollwire_relay_published_events_total',
  'tollwire_rpc_seconds',
];

describe('metrics', () => {
  it('have the names that are documented', () => {
    expect(Object.values(metricNames).sort()).toEqual(documented);
  });

  const gauges = [metricNames.outboxPending, metricNames.outboxAge, metricNames.gateAge];
  const consumers = [metricNames.consumerLag, metricNames.consumerEvents, metricNames.consumerParked, metricNames.consumerRetried];
  const ofConsumers: Partial<Record<ServiceName, string[]>> = {
    card: ['card-settle-charges'],
    cdr: ['cdr-close', 'cdr-learn-account-codes', 'cdr-track'],
    rating: ['rating-enrol-subscribers', 'rating-rate', 'rating-replicate-decks', 'rating-take-direct-rates'],
    routing: ['routing-replicate-decks'],
  };

  it.each(serviceNames)('%s exposes outbox, gate, consumers, requests and what it publishes, under the documented names', async (service) => {
    const samples = await metricsOf(service);
    for (const name of gauges) expect({ name, values: samples.filter((sample) => sample.name === name).length }).toEqual({ name, values: 1 });
    for (const name of consumers) {
      expect(Object.keys(byLabel(samples, name, 'consumer')).filter((consumer) => ofConsumers[service]?.includes(consumer)).sort()).toEqual(ofConsumers[service] ?? []);
    }
    expect(byLabel(samples, `${metricNames.rpc}_count`, 'side')).toHaveProperty(service === 'edge' ? 'client' : 'server');
    expect(await valueOf(service, metricNames.published)).toBeGreaterThan(0);
    const base = ({ name }: MetricSample) => name.replace(/_(bucket|sum|count)$/, '');
    expect([...new Set(samples.map(base))].filter((name) => name.startsWith('tollwire_') && !documented.includes(name))).toEqual([]);
  });

  it('count what was handled, and how long it took', async () => {
    const rating = await metricsOf('rating');
    expect(byLabel(rating, metricNames.consumerEvents, 'consumer')['rating-rate']).toBeGreaterThanOrEqual(1);
    expect(byLabel(rating, `${metricNames.consumerBatch}_count`, 'consumer')['rating-rate']).toBeGreaterThanOrEqual(1);
    expect(byLabel(rating, `${metricNames.rpc}_count`, 'method')['Quote']).toBeGreaterThanOrEqual(1);
    expect(byLabel(await metricsOf('card'), `${metricNames.rpc}_count`, 'method')).toMatchObject({ Authorize: expect.any(Number), Quote: expect.any(Number), Route: expect.any(Number) });
    expect(byLabel(await metricsOf('edge'), `${metricNames.http}_count`, 'route')).toMatchObject({ '/v1/calls/authorize': expect.any(Number), '/v1/calls/events': expect.any(Number) });
  });

  it('tell of dead letters', async () => {
    await sw.tell(sw.eventsOf({ ...call(), callId: 'stray', payer: { cardId: '9999999999999999' } }, [{ carrierCode: 'EAST' }]));
    const parked = async (name: string, consumer: string) => byLabel(await metricsOf('rating'), name, 'consumer')[consumer];
    await until(async () => (await parked(metricNames.deadLetters, 'rating-rate')) === 1);
  });

  it('tell how long the outbox has waited, until it is published', async () => {
    const release = await holdBackRelay(rig, 'edge');
    await sw.tell(sw.eventsOf({ ...call(), callId: 'late' }, [{ carrierCode: 'EAST' }]));
    expect(await valueOf('edge', metricNames.outboxPending)).toBeGreaterThan(0);
    await until(async () => (await valueOf('edge', metricNames.outboxAge)) > 0.2);
    await release();
    await until(async () => (await valueOf('edge', metricNames.outboxPending)) === 0 && (await valueOf('edge', metricNames.outboxAge)) === 0);
    await books.settled('sw1', 'late');
  });

  it('tell how many messages wait for a consumer', async () => {
    const lag = async () => byLabel(await metricsOf('rating'), metricNames.consumerLag, 'consumer')['rating-rate'] ?? 0;
    const release = await rig.hold('rating', 'LOCK TABLE rated_call');
    await sw.tell(sw.eventsOf({ ...call(), callId: 'waits' }, [{ carrierCode: 'EAST' }]));
    await until(async () => (await lag()) > 0);
    await release();
    await until(async () => (await lag()) === 0);
    await books.settled('sw1', 'waits');
  });

  it('tell how long an open transaction has held back those who read the events', async () => {
    const release = await rig.hold('card', 'SELECT pg_current_xact_id()');
    await activeCards(rig.api, world, 'small', 1);
    await until(async () => (await valueOf('card', metricNames.gateAge)) > 0.2);
    await release();
    await until(async () => (await valueOf('card', metricNames.gateAge)) === 0);
  });
});

describe('logs', () => {
  const linesOf = (name: ServiceName) => rig.service(name).log.map((line): unknown => JSON.parse(line));

  it.each(serviceNames)('of %s are lines of JSON with time, level and service', (name) => {
    expect(linesOf(name).length).toBeGreaterThan(0);
    for (const line of linesOf(name)) expect(line).toMatchObject({ time: expect.stringMatching(/^\d{4}-\d\d-\d\dT/), level: expect.any(String), service: name });
  });

  it('hold no card, password or key, whatever the level', () => {
    expect(rig.linesWith([cardId, '9999999999999999', resellerPassword])).toEqual([]);
  });
});
