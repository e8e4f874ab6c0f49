import { CdrClosedSchema, CdrService, dataOf, decodeMessage, encodeEvent, OpsService, publicEventOf, publicEvents, streamOf, subjectOf } from '@tollwire/contracts';
import { type Asker, askerOf, type Bus, connectBus, ensureTopology, JetStreamPublisher, streamSpecOf } from '@tollwire/messaging';
import { testBus, testDatabase, type TestDatabase } from '@tollwire/testing';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { launch, type Running } from '../start.ts';
import { startTelemetry, type Telemetry } from '../telemetry.ts';
import { Cable } from './cable.ts';
import { tinyFlow, type TinyState, tinyState } from './tiny.flow.ts';

/** The servers of one suite, with a cable to each, and the tiny service on them. */
export interface PlatformBed {
  readonly env: Readonly<Record<string, string>>;
  readonly made: TestDatabase;
  readonly postgresql: Cable;
  readonly nats: Cable;
  readonly root: string;
  /** A connection of the test's own, past the cable. */
  readonly bus: Bus;
  readonly cdr: Asker<typeof CdrService>;
  readonly ops: Asker<typeof OpsService>;
  /** Starts the service; the bed stops it at the end, if the test has not. */
  launch(state?: TinyState, env?: Readonly<Record<string, string>>): Promise<Running>;
  /** Publishes the ends of these calls, one message for all. */
  end(...callIds: string[]): Promise<void>;
  /** The calls that the service has told to be closed, in the order of its stream. */
  told(): Promise<string[]>;
  close(): Promise<void>;
}

const facts = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]));
const report = z.strictObject({
  status: z.enum(['ready', 'not_ready']), service: z.string(), missing: z.array(z.string()), postgresql: facts, nats: facts, facts,
});

/** Readiness as the service answers it, with its HTTP status. */
export async function readinessAt(address: string): Promise<{ http: number } & z.infer<typeof report>> {
  const response = await fetch(`${address}/health/ready`);
  return { http: response.status, ...report.parse(await response.json()) };
}

export async function openPlatformBed(name: string): Promise<PlatformBed> {
  const made = await testDatabase(name, { leastPrivilege: true });
  const test = testBus(name);
  const [toPostgresql, toNats] = await Promise.all([Cable.to(made.url), Cable.to(test.url)]);
  const bus = await connectBus({ url: test.url, name: 'bed' });
  const { root } = test;
  const env = {
    DATABASE_URL: toPostgresql.url, MIGRATION_DATABASE_URL: made.ownerUrl, NATS_URL: toNats.url, BUS_ROOT: root, LOG_LEVEL: 'silent',
  };
  const running: { stop(): Promise<void> }[] = [];
  // A process has one telemetry; the instances that a test runs in its one process share it.
  let telemetry: Telemetry | undefined;
  const openTelemetry: typeof startTelemetry = (...about) => ({ ...(telemetry ??= startTelemetry(...about)), shutdown: () => Promise.resolve() });
  await ensureTopology(bus, ['edge', 'cdr'].map((service) => streamSpecOf(root, service)));
  return {
    env, made, root, bus,
    postgresql: toPostgresql.cable,
    nats: toNats.cable,
    cdr: askerOf(CdrService, bus, { root }),
    ops: askerOf(OpsService, bus, { root, service: 'cdr' }),
    launch: async (state = tinyState(), more = {}) => {
      const service = await launch(tinyFlow(state), { ...env, ...more }, openTelemetry);
      let stopped: Promise<void> | undefined;
      const once = { ...service, stop: () => (stopped ??= service.stop()) };
      running.push(once);
      return once;
    },
    end: async (...callIds) => {
      const publisher = new JetStreamPublisher(bus, streamSpecOf(root, 'edge'));
      const payload = Buffer.concat(callIds.map((callId) => encodeEvent(endOf(callId))));
      await publisher.publish(subjectOf(root, publicEvents.CallEnded, 0), payload, randomUUID(), callIds.length);
    },
    told: () => toldOn(bus, root),
    close: async () => {
      toPostgresql.cable.mend();
      toNats.cable.mend();
      await Promise.all(running.map((service) => service.stop()));
      await telemetry?.shutdown();
      await bus.close();
      await Promise.all([toPostgresql.cable.close(), toNats.cable.close(), test.drop()]);
      await made.drop();
    },
  };
}

function endOf(callId: string) {
  const data = { call: { switchId: 'fs1', callId, leg: 1 }, charged: { party: { case: 'cardId' as const, value: callId } } };
  return publicEventOf(publicEvents.CallEnded, { source: 'switch/fs1', timeUs: 1_700_000_000_000_000, parts: [callId], data });
}

async function toldOn(bus: Bus, root: string): Promise<string[]> {
  const stream = streamOf(root, 'cdr');
  const { state } = await bus.manager.streams.info(stream);
  const told: string[] = [];
  for (let seq = 1; seq <= state.last_seq; seq += 1) {
    const message = await bus.manager.streams.getMessage(stream, { seq });
    if (message === null) continue;
    const events = decodeMessage(message.header.get('content-type'), (name) => message.header.get(name), message.data);
    if (!events.ok) throw new Error(`The service has published what cannot be read: ${events.refusal.code}`);
    told.push(...events.value.map((event) => dataOf(CdrClosedSchema, event).call?.callId ?? ''));
  }
  return told;
}
