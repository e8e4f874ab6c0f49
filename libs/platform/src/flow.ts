import type { DescService } from '@bufbuild/protobuf';
import { assert, type Decider } from '@tollwire/core';
import { type EventDefinition, publicEvents } from '@tollwire/contracts';
import type { Projection, Reaction } from '@tollwire/event-store';
import type { ServiceImplementation } from '@tollwire/messaging';
import type { Provider, Type } from '@nestjs/common';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyServerOptions } from 'fastify';
import type { z } from 'zod';
import type { CommonConfig } from './config.ts';
import type { Schema } from './orm.ts';
import type { Resources } from './resources.ts';

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

/** Something that a service must have before it may say that it is ready, such as its rate tables. */
export interface Readiness {
  /** A short fact for the readiness answer, such as the versions in use. */
  describe(): Readonly<Record<string, string | number | boolean>>;
  isReady(): boolean;
}

/** A schema of the environment that has the common variables among its own. */
export type ServiceConfig = z.ZodType<CommonConfig>;

/** The table of contents of a service: what it decides, answers, projects, reacts to and publishes. */
export interface FlowDefinition<Deps, Config extends ServiceConfig> {
  readonly config: Config;
  readonly schema: Schema;
  /** Makes what the parts below share, from what the platform has opened. */
  readonly deps: (resources: Resources<z.infer<Config>>) => Deps;
  readonly aggregates: readonly AnyDecider[];
  readonly projections: readonly AnyProjection[];
  readonly answers: readonly Answers<Deps>[];
  readonly reactions: readonly ReactionEntry<Deps>[];
  readonly publishes: readonly EventDefinition[];
  readonly sweeps?: (deps: Deps) => readonly Sweep[];
  /** Fills what the service keeps in memory; calls are taken when it resolves. */
  readonly prepare?: (deps: Deps) => Promise<void>;
  readonly readiness?: (deps: Deps) => Readiness;
  /** The door for people and switches; only the edge has one. */
  readonly http?: HttpDoor<Deps>;
  /** Closes what `deps` opened. */
  readonly close?: (deps: Deps) => Promise<void>;
}

/** What a service answers over HTTP, beyond health and metrics. */
export interface HttpDoor<Deps> {
  readonly controllers: readonly Type[];
  readonly providers: (deps: Deps) => Provider[];
  /** Options of the Fastify server, such as the limit of a body in bytes. */
  readonly server?: (deps: Deps) => FastifyServerOptions;
  /** Called before the server listens: filters, parsers, documents. */
  readonly configure?: (app: NestFastifyApplication, deps: Deps) => void | Promise<void>;
}

export type AnyDecider = Pick<Decider<never, never, never, never>, 'name'>;
export type AnyProjection = Pick<Projection<never, never>, 'name' | 'table'>;

/** A service's flow: its definition under its name. */
export interface Flow<Deps, Config extends ServiceConfig = ServiceConfig> extends FlowDefinition<Deps, Config> {
  readonly name: string;
}

/**
 * Names a service and lists all that it does; the service is built from this and nothing else. Throws where the events
 * that it lists as published are not those that the contracts give to this service.
 */
export function flow<Deps, Config extends ServiceConfig>(name: string, definition: FlowDefinition<Deps, Config>): Flow<Deps, Config> {
  const contracted = Object.values<EventDefinition>(publicEvents).filter(({ service }) => service === name);
  assert(areSame(definition.publishes, contracted), `${name} lists as published what its contracts say: ${typesOf(contracted)}`);
  return { name, ...definition };
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

/** Reacts to events under a durable name of its own. */
export function on<Deps>(events: readonly EventDefinition[], name: string, make: (deps: Deps) => Reaction): ReactionEntry<Deps> {
  return { name, events, make };
}
