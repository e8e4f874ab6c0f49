import { create } from '@bufbuild/protobuf';
import { AuthorizeItemSchema, callOfKey } from '@tollwire/contracts';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Database, runReaction } from '@tollwire/event-store';
import { CuttableLine } from '@tollwire/testing';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { callRated, chargedOf, valueOf } from '../fixture/operator.fixture.ts';
import { settleCharges } from '../reactions/settle-charges.ts';
import { authorizer } from './authorize.ts';

describe('a connection that is cut between COMMIT and its answer', () => {
  let rig: CardRig;
  let line: CuttableLine;
  let database: Database;
  beforeAll(async () => {
    rig = await cardRig('card-unheard', { callSecMax: 600, graceSec: 60 });
    const url = new URL(rig.url);
    line = new CuttableLine(new URL(rig.url));
    url.host = `127.0.0.1:${await line.open()}`;
    database = await Database.connect({ url: url.toString(), applicationName: 'card-unheard' });
  });
  afterAll(async () => {
    await database.close();
    line.close();
    await rig.close();
  });

  it('costs nobody anything: the call is found reserved for, and is answered as it was', async () => {
    const card = await rig.operator.activeCard(10n * euro);
    const call = callOfKey('fs1/unheard/1');
    const item = create(AuthorizeItemSchema, { ...(call && { call }), charged: chargedOf(card), calledNumber: '4312345678' });
    line.cuts = 1;
    const [answer] = valueOf(await authorizer({ ...rig.deps, database })([item]));
    expect({ cuts: line.cuts, result: answer?.result }).toEqual({ cuts: 0, result: await rig.second.operator.authorize('fs1/unheard/1', card) });
    expect(answer?.result.case).toBe('authorized');
    expect(await rig.operator.balance(card)).toEqual({ credit: 10n * euro, reserved: euro, available: 9n * euro });
  });

  it('costs nobody anything where all was one statement: on a card that was used before', async () => {
    const card = await rig.operator.activeCard(10n * euro);
    await rig.operator.authorize('fs1/unheard-before/1', card);
    const url = new URL(rig.url);
    const once = new CuttableLine(new URL(rig.url), 'all_unmoved');
    url.host = `127.0.0.1:${await once.open()}`;
    const cut = await Database.connect({ url: url.toString(), applicationName: 'card-unheard-once' });
    const call = callOfKey('fs1/unheard/2');
    once.cuts = 1;
    const [answer] = valueOf(await authorizer({ ...rig.deps, database: cut })([create(AuthorizeItemSchema, { ...(call && { call }), charged: chargedOf(card), calledNumber: '4312345678' })]));
    expect({ cuts: once.cuts, result: answer?.result }).toEqual({ cuts: 0, result: await rig.second.operator.authorize('fs1/unheard/2', card) });
    expect(await rig.operator.balance(card)).toEqual({ credit: 10n * euro, reserved: 2n * euro, available: 8n * euro });
    await cut.close();
    once.close();
  });

  it('charges nobody twice: the rating comes again, and is known', async () => {
    const card = await rig.operator.activeCard(10n * euro);
    await rig.operator.authorize('fs1/charged/1', card);
    const rated = callRated('fs1/charged/1', card, euro / 4n);
    const settle = settleCharges(rig.deps);
    // A consumer knows its own name from its first batch on; that is a transaction of its own.
    await runReaction(database, settle, [callRated('fs1/before/1', card, 0n)]);
    line.cuts = 1;
    await expect(runReaction(database, settle, [rated])).rejects.toThrow();
    expect(line.cuts).toBe(0);
    expect(await rig.operator.settle([rated])).toEqual({ handled: 0, repeated: 1, parked: 0 });
    expect(await rig.operator.balance(card)).toEqual({ credit: (39n * euro) / 4n, reserved: 0n, available: (39n * euro) / 4n });
    await expectExact(rig.database);
  });
});
