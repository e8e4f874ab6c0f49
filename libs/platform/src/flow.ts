import type { DescService } from '@bufbuild/protobuf';
import { assert } from '@tollwire/core';
import { type EventDefinition, publicEvents } from '@tollwire/contracts';
import { eventStoreGrants, type Reaction } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { Provider, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import type { z } from 'zod';
import type { CommonConfig } from './config.ts';
import type { Forgets } from './forget-number.ts';
import type { Schema } from './orm.ts';
import type { Resources } from './resources.ts';
import { storedBy, type Stored, type StoredAggregate, storedIn } from './stored.ts';

/** A proto service that is answered, and how its methods are made. */
export interface Answers<Deps, Service extends DescService = DescService> {
  readonly service: Service;
  readonly make: (deps: Deps) => ServiceImplementation<Service>;
}

/** A reaction with what it listens to, so that the table of contents can be read without starting anything. */
export interface ReactionEntry<Deps> {
  readonly name: string;
  readonly events: readonly EventDefinition[];
  readonly make: (deps: Deps) => Reaction;
}

/** Work that comes back by itself: expiries, retries, clean-up. One run at a time; a run that fails is tried again. */
export interface Sweep {
  readonly name: string;
  readonly everyMs: number;
  run(): Promise<void>;
}

/** A sweep of a flow, made of what the flow shares. */
export interface SweepEntry<Deps> {
  readonly name: string;
  readonly everyMs: number;
  readonly run: (deps: Deps) => Promise<void>;
}

/** A pure decision that no aggregate takes, with the tables that its outcome is kept in: none for a mere answer. */
export interface PureDecision {
  readonly name: string;
  readonly keptIn: readonly string[];
}

/** Something that a service must have before it may say that it is ready, such as its rate tables. */
export interface Readiness {
  /** Short facts for the readiness answer, such as how much is loaded. */
  describe(): Readonly<Record<string, string | number | boolean>>;
  /** Of a service that works by versions of decks: which one counts now, by the deck, as tariff:3. */
  versions?(): Readonly<Record<string, number>>;
  isReady(): boolean;
}

/** A schema of the environment that has the common variables among its own. */
export type ServiceConfig = z.ZodType<CommonConfig>;

/** What a service is built from, whatever its aggregates are. */
interface FlowParts<Deps, Config extends ServiceConfig, Aggregates> {
  readonly config: Config;
  readonly schema: Schema;
  /** Binds each aggregate to its streams, its read models and what others are told: the handlers of its commands are made of this. */
  readonly aggregates: (stored: Stored) => Aggregates;
  /** What else is decided: functions of `domain/` that the parts below call. */
  readonly decides?: readonly PureDecision[];
  readonly answers: readonly Answers<Deps>[];
  readonly reactions: readonly ReactionEntry<Deps>[];
  readonly publishes: readonly EventDefinition[];
  readonly sweeps?: readonly SweepEntry<Deps>[];
  /** Fills what the service keeps in memory; calls are taken when it resolves. */
  readonly prepare?: (deps: Deps) => Promise<void>;
  readonly readiness?: (deps: Deps) => Readiness;
  /** Where numbers of people stand beyond dead letters, and how one is taken out when its erasure is ordered. */
  readonly forgets?: Forgets<Deps>;
  /** The door for people and switches; only the edge has one. */
  readonly http?: HttpDoor<Deps>;
  /** Closes what `deps` opened. */
  readonly close?: (deps: Deps) => Promise<void>;
}

/** The table of contents of a service: what it decides, stores, answers, reacts to and publishes. */
export interface FlowDefinition<Deps, Config extends ServiceConfig, Aggregates> extends FlowParts<Deps, Config, Aggregates> {
  /** Makes what the parts share, from what the platform has opened and the aggregates at work on it. */
  readonly deps: (resources: Resources<z.infer<Config>>, aggregates: Aggregates) => Deps;
}

/** What a service answers over HTTP, beyond health and metrics. */
export interface HttpDoor<Deps> {
  readonly controllers: readonly Type[];
  /** Who may call what, by method and path: `POST /v1/quotes`. */
  readonly routes: Readonly<Record<string, readonly string[]>>;
  readonly providers: (deps: Deps) => Provider[];
  /** Options of the Fastify server, such as the limit of a body in bytes. */
  readonly server?: (deps: Deps) => FastifyServerOptions;
  /** Called before the server listens: filters, parsers, documents. */
  readonly configure?: (app: NestFastifyApplication, deps: Deps) => void | Promise<void>;
}

/** A service's flow: its definition under its name. */
export interface Flow<Deps, Config extends ServiceConfig = ServiceConfig, Aggregates = unknown> extends FlowParts<Deps, Config, Aggregates> {
  readonly name: string;
  /** What `aggregates` binds, to be read without a database. */
  readonly stores: readonly StoredAggregate[];
  /** The tables that the service may write and that no read model fills, sorted; those of the event store not among them. */
  readonly keeps: readonly string[];
  /** Makes what the parts share, aggregates included. */
  readonly deps: (resources: Resources<z.infer<Config>>) => Deps;
}

/**
 * Names a service and lists all that it does; the service is built from this and nothing else. Throws where the events
 * that it lists as published are not those that the contracts give to this service, where two aggregates or read models
 * have one name, and where a read model or a decision is kept in a table that the service may not write.
 */
export function flow<Deps, Config extends ServiceConfig, Aggregates>(
  name: string,
  definition: FlowDefinition<Deps, Config, Aggregates>,
): Flow<Deps, Config, Aggregates> {
  const contracted = Object.values<EventDefinition>(publicEvents).filter(({ service }) => service === name);
  assert(areSame(definition.publishes, contracted), `${name} lists as published what its contracts say: ${typesOf(contracted)}`);
  const stores = storedBy(name, definition.aggregates);
  const writable = writableTables(definition.schema);
  const projected = stores.flatMap(({ readModels }) => readModels.map(({ table }) => table));
  for (const table of [...projected, ...(definition.decides ?? []).flatMap(({ keptIn }) => keptIn)]) {
    assert(writable.has(table), `${name} may write ${table}, in which its flow keeps something`);
  }
  const keeps = [...writable].filter((table) => !projected.includes(table)).toSorted();
  return { ...definition, name, stores, keeps, deps: (resources) => definition.deps(resources, definition.aggregates(storedIn(resources))) };
}

/** Answers a proto service. */
export function answers<Deps, Service extends DescService>(
  service: Service,
  make: (deps: Deps) => ServiceImplementation<Service>,
): Answers<Deps, Service> {
  return { service, make };
}

/** The reactions of a flow, made. Throws where one has another name or other events than the flow lists for it. */
export function reactionsOf<Deps>({ name: service, reactions }: Pick<Flow<Deps>, 'name' | 'reactions'>, deps: Deps): Reaction[] {
  const names = new Set(reactions.map(({ name }) => name));
  assert(names.size === reactions.length, `every reaction of ${service} has a name of its own`);
  return reactions.map(({ name, events, make }) => {
    const reaction = make(deps);
    assert(reaction.name === name, `the reaction that ${service} lists as ${name} has that name, not ${reaction.name}`);
    assert(areSame(reaction.events, events), `the reaction ${name} of ${service} takes the events that the flow lists: ${typesOf(events)}`);
    return reaction;
  });
}

function areSame(some: readonly EventDefinition[], others: readonly EventDefinition[]): boolean {
  return typesOf(some) === typesOf(others);
}

function typesOf(events: readonly EventDefinition[]): string {
  return events.map(({ type }) => type).toSorted().join(', ');
}

/** Names a decision by its function (or decider), so that the two cannot differ. */
export function decision(decide: { readonly name: string }, keptIn: readonly string[] = []): PureDecision {
  return { name: decide.name, keptIn };
}

/** What the grants of a schema let the service add to, beyond the event store's own tables. */
function writableTables({ grants }: Pick<Schema, 'grants'>): ReadonlySet<string> {
  const own = grants.filter((grant) => !eventStoreGrants.includes(grant));
  return new Set(own.flatMap((grant) => /^GRANT [A-Z, ]*INSERT[A-Z, ]* ON (?<tables>.+) TO /i.exec(grant)?.groups?.['tables']?.split(', ') ?? []));
}

/** Reacts to events under a durable name of its own. */
export function on<Deps>(events: readonly EventDefinition[], name: string, make: (deps: Deps) => Reaction): ReactionEntry<Deps> {
  return { name, events, make };
}
