import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type DeckActivated, DeckActivatedSchema, DeckChunkSchema, DeckKind, FetchDeckChunkReplySchema, SnapshotReplySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { Database } from '@tollwire/event-store';
import { testDatabase, type TestDatabase } from '@tollwire/testing';
import { createHash } from 'node:crypto';
import { rateDeckMigrations } from './migrations.ts';
import { DeckReplica, type ReplicaState } from './replica.ts';

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
  let away = false;
  let applied: ReplicaState[] = [];
  let errors: string[] = [];

  const replicaOf = () =>
    new DeckReplica({
      database,
      kinds: [DeckKind.TARIFF],
      apply: async (state) => void applied.push(state),
      onError: (error) => errors.push(String(error)),
      catalog: {
        snapshot: async () => (away ? refuse({ code: 'service_unavailable' }) : ok(create(SnapshotReplySchema, { activeDecks: active }))),
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
    for (const sql of rateDeckMigrations) await database.query(sql);
  });

  beforeEach(async () => {
    await database.query('truncate deck_activation, deck_chunk, plan_fact');
    contents.clear();
    applied = [];
    errors = [];
    active = [];
    away = false;
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
    away = true;
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
});
