import type { DescService } from '@bufbuild/protobuf';
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import {
  AlarmService, AllowanceService, CallControlService, CallersService, CardLifeService, CardService, CatalogService, CdrService, type CodedRefusal, FraudService, ListService,
  MoneyService, OpsService, RatingService, RecordsService, RoutingService, WatchService,
} from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { Database } from '@tollwire/event-store';
import { askerOf, type Bus, connectBus, serve, type RequestContext, type Served, type ServiceImplementation } from '@tollwire/messaging';
import { httpApp, migrate, type Store, storedIn } from '@tollwire/platform';
import { type TestClock, testBus, testClock, testDatabase } from '@tollwire/testing';
import { z } from 'zod';
import type { EdgeDeps, EdgeLimits, EdgeLog } from './edge.deps.ts';
import { edgeDoor } from './edge.door.ts';
import { asking, edgeFlow, readingNumbers } from './edge.flow.ts';
import { ImportQueue } from './import/import-queue.ts';
import { RowErrors } from './import/row-errors.ts';
import { CallJournal } from './journal/journal.ts';
import { SwitchBook } from './journal/switch-book.ts';
import { apiKeysOf } from './keys/api-keys.ts';
import { schema } from './migrations/index.ts';

export const adminKey = 'the-admin-key-of-these-specs-0123456789';

/** What the provider `bank` signs with. */
export const webhookSecret = 'the-secret-of-the-bank';

/** What the services behind the edge were asked, and what they are told to answer. */
export interface Backstage {
  readonly asked: { readonly service: string; readonly method: string; readonly request: unknown; readonly traceparent: string | undefined }[];
  answers: Record<string, (request: object) => unknown>;
}

/** The edge over real HTTP, PostgreSQL and NATS, with services behind it that are told what to answer. */
export interface EdgeBed {
  readonly url: string;
  readonly app: NestFastifyApplication;
  readonly bus: Bus;
  readonly root: string;
  readonly database: Database;
  readonly importQueue: ImportQueue;
  readonly clock: TestClock;
  readonly backstage: Backstage;
  readonly log: { readonly facts: object; readonly message: string }[];
  /** What was counted of call events: how many were taken, and each code of a refusal. */
  readonly told: { accepted: number; readonly refused: string[] };
  wakes: number;
  /** A request with the admin's key, or another's, or none. */
  call(method: string, path: string, body?: unknown, options?: CallOptions): Promise<Answered>;
  close(): Promise<void>;
}

/** Whose key is sent (none for undefined), and further headers. */
export interface CallOptions {
  readonly key?: string | undefined;
  readonly headers?: Record<string, string>;
}

export interface Answered {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
  readonly text: string;
}

/** Who carries out what is ordered of the edge's own; nothing is published. */
export function aggregatesIn({ database, root }: Pick<Store, 'database' | 'root'>) {
  return edgeFlow.aggregates(storedIn({ database, root, wakeRelay: () => undefined }));
}

const limitsOfSpecs: EdgeLimits = { requestsPerSec: 100_000, jsonBytesMax: 1_048_576, streamBytesMax: 8 * 1_048_576 };

export async function edgeBed({ refusesUnknown = false, ...over }: Partial<EdgeLimits> & { readonly refusesUnknown?: boolean } = {}): Promise<EdgeBed> {
  const testing = await testDatabase('edge', { leastPrivilege: true });
  await migrate(testing.ownerUrl, testing.appRole, schema);
  const database = await Database.connect({ url: testing.url, applicationName: 'edge-spec', poolMax: 8 });
  const place = testBus('edge');
  const bus = await connectBus({ url: place.url, name: 'edge-spec' });
  const clock = testClock('2026-03-14T12:00:00Z');
  const backstage: Backstage = { asked: [], answers: {} };
  const served = backstageServices(bus, place.root, backstage);
  const bed: Pick<EdgeBed, 'wakes' | 'told'> = { wakes: 0, told: { accepted: 0, refused: [] } };
  const log: EdgeBed['log'][number][] = [];
  const edgeLog: EdgeLog = { error: (facts, message) => log.push({ facts, message }), warn: (facts, message) => log.push({ facts, message }) };
  const doors = asking({ ask: (descriptor, service) => askerOf(descriptor, bus, { root: place.root, service }) });
  const switches = new SwitchBook({ cdr: doors.ask.cdr, clock, refusesUnknown });
  const importQueue = new ImportQueue({ database, root: place.root, clock, wakeRelay: () => (bed.wakes += 1), rowsPerSec: 2_000 });
  const aggregates = aggregatesIn({ database, root: place.root });
  const app = await edgeApp({
    importQueue,
    switches,
    clock,
    log: edgeLog,
    limits: { ...limitsOfSpecs, ...over },
    ...doors,
    ...readingNumbers(database, aggregates),
    keys: apiKeysOf({ database, keys: aggregates.apiKeys, clock, adminKey }),
    journal: new CallJournal({ database, root: place.root, wakeRelay: () => (bed.wakes += 1) }),
    countTold: (accepted, refused) => {
      bed.told.accepted += accepted;
      bed.told.refused.push(...refused);
    },
    rowErrors: new RowErrors(database, clock),
    webhookSecrets: new Map([['bank', [webhookSecret]]]),
  });
  await app.listen(0, '127.0.0.1');
  const url = await app.getUrl();
  return Object.assign(bed, {
    ...{ url, app, bus, root: place.root, database, importQueue, clock, backstage, log },
    call: (method: string, path: string, body?: unknown, options = {}) => callOf(url, method, path, body, options),
    close: async () => {
      await app.close();
      await Promise.all(served.map((service) => service.stop()));
      await bus.close();
      await database.close();
      await Promise.all([place.drop(), testing.drop()]);
    },
  });
}

@Module({})
class SpecModule {}

async function edgeApp(deps: EdgeDeps): Promise<NestFastifyApplication> {
  const module = { module: SpecModule, controllers: [...edgeDoor.controllers], providers: edgeDoor.providers(deps) };
  return httpApp(edgeDoor, deps, module, ['error', 'warn']);
}

async function callOf(url: string, method: string, path: string, body: unknown, options: CallOptions): Promise<Answered> {
  const key = 'key' in options ? options.key : adminKey;
  const raw = typeof body === 'string' || body instanceof Uint8Array ? Buffer.from(body) : undefined;
  const response = await fetch(`${url}${path}`, {
    method,
    headers: {
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(body === undefined || raw !== undefined ? {} : { 'content-type': 'application/json' }),
      ...options.headers,
    },
    ...(body === undefined ? {} : { body: raw ?? JSON.stringify(body) }),
  });
  const text = await response.text();
  const isJson = /\bjson\b/.test(response.headers.get('content-type') ?? '') && text !== '';
  return { status: response.status, headers: response.headers, text, body: isJson ? z.looseObject({}).parse(JSON.parse(text)) : {} };
}

const behind = { card: CardService, catalog: CatalogService, rating: RatingService, routing: RoutingService, cdr: CdrService } as const;

function backstageServices(bus: Bus, root: string, backstage: Backstage): Served[] {
  const ofCard = [OpsService, CardLifeService, CallersService, MoneyService, CallControlService].map((service) => ['card', service] as const);
  const beside = [...ofCard, ['rating', AllowanceService], ['cdr', WatchService], ['cdr', AlarmService], ['cdr', ListService], ['cdr', FraudService], ['cdr', RecordsService]] as const;
  const told: (readonly [string, DescService])[] = [...Object.entries<DescService>(behind), ...beside];
  return told.map(([service, descriptor]) => serve(bus, descriptor, implementationOf(service, descriptor, backstage), { root, service }));
}

/** Answers each method with what the spec says, or refuses with `internal_error` where it says nothing. */
function implementationOf(service: string, descriptor: DescService, backstage: Backstage): ServiceImplementation<DescService> {
  const answer = (method: string, request: object) => {
    const told = backstage.answers[method];
    const value = told === undefined ? new Refusing({ code: 'internal_error', detail: `${method} is told no answer` }) : told(request);
    return Promise.resolve(value instanceof Refusing ? refuse(value.refusal) : ok(z.looseObject({}).parse(value)));
  };
  const methods = descriptor.methods.map(({ localName }) => {
    const handler = (request: object, { traceparent }: RequestContext) => {
      backstage.asked.push({ service, method: localName, request, traceparent });
      return answer(localName, request);
    };
    return [localName, handler] as const;
  });
  return Object.fromEntries(methods);
}

/** Told as an answer: the service refuses. */
export class Refusing {
  readonly refusal: CodedRefusal;

  constructor(refusal: CodedRefusal) {
    this.refusal = refusal;
  }
}
