import { create, type DescMessage, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  type DeckActivated, DeckActivatedSchema, DeckChunkSchema, DeckKind, type EventDefinition, FetchDeckChunkReplySchema, publicEventOf, publicEvents,
  type ReceivedEvent, type RefusalCode, SnapshotReplySchema,
} from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { Database, eventStoreMigrations, runReaction } from '@tollwire/event-store';
import { testDatabase, type TestDatabase } from '@tollwire/testing';
import { createHash, randomUUID } from 'node:crypto';
import { planHistoryMigrations, rateDeckMigrations } from './migrations.ts';
import { DeckReplica, type ReplicaOptions, type ReplicaState } from './replica.ts';

/** A deck of one rate, whose content can be withheld or falsified. */
function deckOf(version: number, activation = version) {
  const content = toBinary(DeckChunkSchema, create(DeckChunkSchema, { prefix: [`4${version}`], ratePerMinNanos: [BigInt(version)] }));
  const digest = createHash('sha256').update(content).digest('hex');
  const deck = { kind: DeckKind.TARIFF, ownerId: 1, version, digest, rateCount: 1n, chunkCount: 1, currency: 'EUR' };
  return { content, digest, activated: create(DeckActivatedSchema, { deck, activation, validFromUs: BigInt(version * 10), by: 'spec' }) };
}

describe('deck replica', () => {
  let made: TestDatabase;
  let database: Database;
  const contents = new Map<string, Uint8Array>();
  let active: DeckActivated[] = [];
  let away: RefusalCode | undefined;
  let plans: MessageInitShape<typeof SnapshotReplySchema> = {};
  let applied: ReplicaState[] = [];
  let errors: string[] = [];

  const replicaOf = () => new DeckReplica(optionsOf());
  const optionsOf = (): ReplicaOptions => ({
    database,
    kinds: [DeckKind.TARIFF],
    apply: async (state) => void applied.push(state),
    onError: (error) => errors.push(String(error)),
    catalog: {
      snapshot: async () => (away === undefined ? ok(create(SnapshotReplySchema, { activeDecks: active, ...plans })) : refuse({ code: away })),
      fetchDeckChunk: async ({ digest = '' }) => {
        const content = contents.get(digest);
        return content === undefined ? refuse({ code: 'unknown_deck' }) : ok(create(FetchDeckChunkReplySchema, { content }));
      },
    },
  });
  const inForce = () => applied.at(-1)?.decks.map(({ version, validFromUs, validUntilUs }) => `${version}:[${validFromUs},${validUntilUs})`).join(' ');

  beforeAll(async () => {
    made = await testDatabase('rate_decks');
    database = await Database.connect({ url: made.url, applicationName: 'rate-decks-spec' });
    for (const sql of [...eventStoreMigrations, ...rateDeckMigrations, ...planHistoryMigrations]) await database.query(sql);
  });

  beforeEach(async () => {
    await database.query('truncate deck_activation, deck_chunk, plan_fact');
    contents.clear();
    applied = [];
    errors = [];
    active = [];
    plans = {};
    away = undefined;
  });

  afterAll(async () => {
    await database.close();
    await made.drop();
  });

  const publish = (version: number, content?: Uint8Array) => {
    const deck = deckOf(version);
    contents.set(deck.digest, content ?? deck.content);
    active.push(deck.activated);
    return deck;
  };

  it('takes in what is in force and hands over its content', async () => {
    publish(1);
    await replicaOf().start();
    expect(inForce()).toBe('1:[10,Infinity)');
    const [state] = applied;
    const chunks = [];
    if (state?.decks[0] !== undefined) for await (const chunk of state.chunks(state.decks[0])) chunks.push(chunk.prefix);
    expect(chunks).toEqual([['41']]);
  });

  it('starts from its own tables while the catalog is away', async () => {
    publish(1);
    await replicaOf().start();
    away = 'service_unavailable';
    contents.clear();
    await replicaOf().start();
    expect(applied).toHaveLength(2);
    expect(inForce()).toBe('1:[10,Infinity)');
  });

  it('goes on with the version before while the content of the next one is missing, and takes it in when it comes', async () => {
    publish(1);
    const next = publish(2);
    contents.delete(next.digest);
    const replica = replicaOf();
    await replica.start();
    expect(inForce()).toBe('1:[10,Infinity)');
    expect(errors.join()).toContain('unknown_deck');
    contents.set(next.digest, next.content);
    await replica.refresh();
    expect(inForce()).toBe('1:[10,20) 2:[20,Infinity)');
  });

  it('refuses content that does not have its digest', async () => {
    publish(1, Uint8Array.of(1, 2, 3));
    await replicaOf().start();
    expect(inForce()).toBe('');
    expect(errors.join()).toContain('does not have its digest');
  });

  it('applies nothing again where nothing is new', async () => {
    publish(1);
    const replica = replicaOf();
    await replica.start();
    await Promise.all([replica.refresh(), replica.refresh(), replica.refresh()]);
    expect(applied).toHaveLength(1);
  });

  it('tells of a snapshot that the catalog refuses, once for as long as it does, and takes it when it comes', async () => {
    publish(1);
    away = 'reply_too_large';
    const replica = replicaOf();
    await replica.start();
    await replica.refresh();
    expect(errors).toEqual(["Error: The catalog's snapshot cannot be taken: reply_too_large"]);
    away = 'internal_error';
    await replica.refresh();
    expect(errors).toHaveLength(2);
    away = undefined;
    await replica.refresh();
    expect(inForce()).toBe('1:[10,Infinity)');
  });

  it('says nothing of a catalog that is away: it is asked again', async () => {
    away = 'service_unavailable';
    const replica = replicaOf();
    await replica.start();
    expect([errors, inForce()]).toEqual([[], '']);
    publish(1);
    away = undefined;
    await replica.refresh();
    expect(inForce()).toBe('1:[10,Infinity)');
  });

  it('applies only the kinds of deck that it is for', async () => {
    const { digest } = publish(1);
    const deck = { kind: DeckKind.CARRIER, ownerId: 9, version: 1, digest, chunkCount: 1, rateCount: 1n, currency: 'EUR' };
    active.push(create(DeckActivatedSchema, { deck, activation: 1, validFromUs: 10n }));
    await replicaOf().start();
    expect(applied.at(-1)?.decks.map(({ kind, ownerId }) => [kind, ownerId])).toEqual([[DeckKind.TARIFF, 1]]);
  });

  it('hands over plans and terms in their newest revision', async () => {
    plans = { voipPlans: [{ voipPlanId: 3, revision: 2 }], sellTerms: [{ plan: { plan: { case: 'voipPlanId', value: 3 } }, revision: 1 }] };
    const replica = replicaOf();
    await replica.start();
    await hear(replica, event(publicEvents.VoipPlanComposed, { voipPlanId: 3, revision: 1 }));
    expect(applied.at(-1)?.voipPlans.map(({ voipPlanId, revision }) => [voipPlanId, revision])).toEqual([[3, 2]]);
    await hear(replica, event(publicEvents.VoipPlanComposed, { voipPlanId: 3, revision: 5 }));
    expect(applied.at(-1)?.voipPlans.map(({ revision }) => revision)).toEqual([5]);
    expect(applied.at(-1)?.sellTerms.map(({ revision }) => revision)).toEqual([1]);
    expect(applied.at(-1)?.planHistory.voipPlans.map(({ revision }) => revision)).toEqual([1, 2, 5]);
  });

  it('takes in what the catalog tells, in whatever order and however often', async () => {
    const replica = replicaOf();
    await replica.start();
    const [first, second] = [publish(1), publish(2)];
    const withdrawn = event(publicEvents.DeckWithdrawn, { deck: second.activated.deck, activation: 2, withdrawnAtUs: 25n });
    const told = [withdrawn, ...[second, first].map(({ activated }) => event(publicEvents.DeckActivated, activated))];
    await hear(replica, ...told);
    expect(inForce()).toBe('1:[10,20) 2:[20,25)');
    await hear(replica, ...told.toReversed(), ...told);
    expect(inForce()).toBe('1:[10,20) 2:[20,25)');
    expect(errors).toEqual([]);
  });

  it('learns from the database what another instance has heard', async () => {
    const [hearing, other] = [replicaOf(), replicaOf()];
    await Promise.all([hearing.start(), other.start()]);
    const { activated } = publish(1);
    await hear(hearing, event(publicEvents.DeckActivated, activated));
    applied = [];
    await other.refresh();
    expect(inForce()).toBe('1:[10,Infinity)');
    applied = [];
    await other.refresh();
    expect(applied).toEqual([]);
  });

  it('keeps the state before where the new one cannot be applied, and tries again', async () => {
    publish(1);
    let broken = true;
    const replica = new DeckReplica({
      ...optionsOf(),
      apply: async (state) => {
        if (broken) throw new Error('out of memory');
        applied.push(state);
      },
    });
    await expect(replica.start()).rejects.toThrow('out of memory');
    broken = false;
    await replica.refresh();
    expect(inForce()).toBe('1:[10,Infinity)');
  });

  const hear = async (replica: DeckReplica, ...events: ReceivedEvent[]) => {
    await runReaction(database, replica.reaction(), events);
    await replica.refresh();
  };
});

/** An event as it comes off the bus, told once more each time. */
function event<Desc extends DescMessage>(definition: EventDefinition<Desc>, data: MessageInitShape<Desc>): ReceivedEvent {
  const made = publicEventOf(definition, { source: 'tollwire/catalog', timeUs: 1, parts: [randomUUID()], data });
  return { id: made.id, type: definition.type, source: made.source, key: made.key, timeUs: 1, dataBytes: toBinary(definition.schema, made.data) };
}
