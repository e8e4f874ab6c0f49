import { create, type DescMessage, type MessageInitShape } from '@bufbuild/protobuf';
import { CardsIssuedSchema, DeckKind, encodeEvent, type EventDefinition, partitionOf, publicEventOf, publicEvents, subjectOf } from '@tollwire/contracts';
import { isTransient, OutboxRelay, runReaction } from '@tollwire/event-store';
import { BatchConsumer, type Bus, connectBus, ensureTopology, JetStreamPublisher, streamSpecOf, subscriptionsOf } from '@tollwire/messaging';
import { type TestBus, testBus, until } from '@tollwire/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { RatingDeps } from './rating.deps.ts';
import { ratingFlow } from './rating.flow.ts';
import { openRating, type RatingBed } from './spec/bed.ts';
import { callEnded } from './spec/calls.ts';
import { activated, deckOf, termsOf } from './spec/decks.ts';
import { ratedEvents } from './spec/events.ts';

const { CallEnded, CallRated, CardsIssued, DeckActivated, SellTermsSet } = publicEvents;

const tariff = deckOf({ kind: DeckKind.TARIFF, ownerId: 1 }, `
  prefix  rate    connect  increments
  34      0.10    0        30/6
  346     0.0120  0.01     30/6
`);

describe('rating on the bus', () => {
  let servers: TestBus;
  let bus: Bus;
  let bed: RatingBed;
  let deps: RatingDeps;
  let consumers: BatchConsumer[];
  let relay: OutboxRelay;

  beforeAll(async () => {
    servers = testBus('rating_flow');
    bus = await connectBus({ url: servers.url, name: 'rating-spec' });
    bed = await openRating('rating_flow', servers.root);
    deps = bed.instance();
    await ensureTopology(bus, ['catalog', 'card', 'edge', 'rating'].map((service) => streamSpecOf(servers.root, service)));
    relay = new OutboxRelay({ database: bed.database, publisher: new JetStreamPublisher(bus, streamSpecOf(servers.root, 'rating')), service: 'rating' });
    relay.start();
    await ratingFlow.prepare?.(deps);
    consumers = ratingFlow.reactions.map(({ make }) => make(deps)).flatMap((reaction) =>
      subscriptionsOf(servers.root, reaction.events).map(({ stream, filters }) => new BatchConsumer({
        ...{ bus, stream, filters, isTransient, durable: `rating-${reaction.name}` },
        handle: async (events) => {
          await runReaction(bed.database, reaction, events);
        },
        park: ({ reason, detail }) => {
          bed.errors.push(`${reason}: ${detail}`);
          return Promise.resolve();
        },
      })));
    await Promise.all(consumers.map((consumer) => consumer.start()));
  });

  afterAll(async () => {
    await Promise.all(consumers.map((consumer) => consumer.stop()));
    await relay.stop();
    await bus.close();
    await bed.close();
    await servers.drop();
  });

  let published = 0;
  /** Publishes events of one kind in one message, as a relay packs them. */
  async function publish<Desc extends DescMessage>(definition: EventDefinition<Desc>, ...all: MessageInitShape<Desc>[]): Promise<void> {
    const events = all.map((data) => publicEventOf(definition, { source: 'spec', timeUs: 1_780_000_000_000_000, parts: [String((published += 1))], data }));
    const subject = subjectOf(servers.root, definition, partitionOf(events[0]?.key ?? ''));
    const publisher = new JetStreamPublisher(bus, streamSpecOf(servers.root, definition.service));
    await publisher.publish(subject, Buffer.concat(events.map(encodeEvent)), `spec-${published}`, events.length);
  }
  const sweep = async () => {
    for (const { run } of ratingFlow.sweeps ?? []) await run(deps);
  };
  const ratedCount = async () => (await bed.database.query('select 1 from rated_call')).length;

  it('rates calls from an activated deck on, in whatever order card, deck and calls come, and publishes each rating once', async () => {
    const calls = Array.from({ length: 300 }, (_, at) => callEnded({ callId: `c${at}`, card: at % 2 === 0 ? '0001' : '0002', durationSec: at }));
    await publish(CallEnded, ...calls.slice(0, 100));
    await publish(CardsIssued, create(CardsIssuedSchema, { batchId: 'b', cardIds: ['0001', '0002'], plan: { plan: { case: 'tariffId', value: 1 } } }));
    bed.catalog.decks = [tariff];
    await publish(SellTermsSet, termsOf({ tariffId: 1 }));
    await publish(DeckActivated, activated(tariff));
    await until(async () => {
      await sweep();
      return deps.tables.now.sellDecks.size === 1;
    });
    await publish(CallEnded, ...calls.slice(50));
    await publish(CallEnded, ...calls);
    await until(async () => {
      await bed.asOwner("update dead_letter set parked_at = now() - interval '1 hour'");
      await sweep();
      return (await ratedCount()) === 300;
    });
    const told = await ratedEvents(bed.database);
    expect(new Set(told.map(({ rated }) => rated.call?.callId)).size).toBe(300);
    expect(told).toHaveLength(300);
    await until(async () => (await bed.database.query('select 1 from outbox_pending')).length === 0);
    const { state } = await bus.manager.streams.info(streamSpecOf(servers.root, 'rating').name, { subjects_filter: '>' });
    expect(Object.keys(state.subjects ?? {}).every((subject) => subject.startsWith(`${servers.root}.rating.v1.call.rated.`))).toBe(true);
    expect(state.messages).toBeGreaterThan(0);
    expect(bed.errors).toEqual([]);
    expect(ratingFlow.publishes).toEqual([CallRated]);
  });
});
