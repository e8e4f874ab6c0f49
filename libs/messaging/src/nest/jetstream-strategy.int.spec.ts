import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { filterOf, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { until } from '@tollwire/testing';
import { of } from 'rxjs';
import { answeredFrom, type BusFixture, numberOf, openBusFixture } from '../consumer/bus.fixture.ts';
import type { Parked } from '../consumer/options.ts';
import { type JetStreamBatchContext, JetStreamStrategy, type JetStreamSubscription } from './jetstream-strategy.ts';

let fixture: BusFixture;
beforeEach(async () => {
  fixture = await openBusFixture('strategy');
});
afterEach(() => fixture.close());

class AppModule {
  readonly name = 'watcher';
}
Module({})(AppModule);

function subscription(parked: Parked[]): JetStreamSubscription {
  return {
    stream: fixture.stream,
    filters: [filterOf(fixture.root, publicEvents.CallAnswered)],
    park: (one) => Promise.resolve(void parked.push(one)),
    isTransient: () => false,
  };
}

describe('the JetStream strategy', () => {
  it('hands batches to a handler of a Nest microservice, parks what it refuses, and stops with the app', async () => {
    const parked: Parked[] = [];
    const seen: number[] = [];
    const contexts: JetStreamBatchContext[] = [];
    const strategy = new JetStreamStrategy({ bus: fixture.bus, subscriptions: { 'cdr-watch': subscription(parked) } });
    const app = await NestFactory.createMicroservice(AppModule, { strategy, logger: false });
    const handler = (events: readonly ReceivedEvent[], about: JetStreamBatchContext) => {
      const numbers = events.map(numberOf);
      if (numbers.includes(2)) throw new Error('cannot be');
      seen.push(...numbers);
      contexts.push(about);
      return Promise.resolve(of(undefined));
    };
    strategy.addHandler('cdr-watch', handler, true);
    await app.listen();
    await fixture.publish(answeredFrom(0, 5));
    await until(() => seen.length === 4 && parked.length === 1);
    expect(contexts[0]).toEqual({ durable: 'cdr-watch', stream: fixture.stream.name });
    expect(strategy.consumers[0]?.progress).toMatchObject({ handledEvents: 4, parkedEvents: 1 });
    await app.close();
    expect(strategy.consumers).toEqual([]);
  });

  it('does not start where a handler has no subscription, or a subscription no handler', async () => {
    const lonely = new JetStreamStrategy({ bus: fixture.bus, subscriptions: {} });
    lonely.addHandler('cdr-watch', () => Promise.resolve(of(undefined)), true);
    const deaf = new JetStreamStrategy({ bus: fixture.bus, subscriptions: { 'cdr-watch': subscription([]) } });
    const failure = (strategy: JetStreamStrategy) => new Promise((resolve) => strategy.listen(resolve));
    expect(String(await failure(lonely))).toMatch('a subscription for cdr-watch');
    expect(String(await failure(deaf))).toMatch('a handler for cdr-watch');
    expect(() => lonely.unwrap()).toThrow('ask the bus');
    expect(() => lonely.on()).toThrow('onNotice');
  });
});
