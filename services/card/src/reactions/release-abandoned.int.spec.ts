import { create, toBinary } from '@bufbuild/protobuf';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CallAbandonedSchema, callOfKey, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import { runReaction } from '@tollwire/event-store';
import { randomUUID } from 'node:crypto';
import { expectExact } from '../fixture/books.fixture.ts';
import { cardRig, euro } from '../fixture/card-rig.fixture.ts';
import type { CardRig } from '../fixture/card-rig.fixture.ts';
import { callRated, valueOf } from '../fixture/operator.fixture.ts';
import { releaseAbandoned } from './release-abandoned.ts';

let rig: CardRig;
beforeAll(async () => {
  rig = await cardRig('card-abandoned', { callSecMax: 600, graceSec: 60 });
});
afterAll(() => rig.close());

function abandoned(callKey: string): ReceivedEvent {
  const call = callOfKey(callKey) ?? { switchId: '', callId: '', leg: 0 };
  const dataBytes = toBinary(CallAbandonedSchema, create(CallAbandonedSchema, { call, reason: 'silence', abandonedAtUs: 1n }));
  return { id: randomUUID(), type: publicEvents.CallAbandoned.type, source: 'tollwire/cdr', key: '', timeUs: 1, dataBytes };
}

const release = (...callKeys: string[]) => runReaction(rig.database, releaseAbandoned(rig.deps), callKeys.map(abandoned));

describe('a call that was closed without an end', () => {
  it('frees what was reserved for it at once, and only that', async () => {
    const card = await rig.operator.activeCard(2n * euro);
    await rig.operator.authorize('fs1/gone/1', card);
    const { reserved } = await rig.operator.balance(card);
    await release('fs1/gone/1', 'fs1/gone/1', 'fs1/never-reserved/1');
    expect(await rig.operator.balance(card)).toEqual({ credit: 2n * euro, reserved: 0n, available: 2n * euro });
    expect(reserved).toBeGreaterThan(0n);
  });

  it('is no longer counted among the calls that are open, however often it is told', async () => {
    valueOf(await rig.operator.openAccount({ customerId: 'acme', accountCodes: ['acme'] }));
    valueOf(await rig.operator.postCredit('account:acme', 100n * euro, 'acme-1'));
    const calls = ['fs1/ended/1', 'fs1/given-up/1', 'fs1/lost/1', 'fs1/up/1'];
    for (const call of calls) expect(await rig.operator.verdict(call, 'account:acme')).toBe('allowed 600');
    await rig.operator.settle([callRated('fs1/ended/1', 'account:acme', 0n)]);
    valueOf(await rig.operator.release('fs1/given-up/1'));
    await release('fs1/ended/1', 'fs1/given-up/1', 'fs1/lost/1');
    await release('fs1/lost/1');
    expect(valueOf(await rig.operator.dialling('account:acme'))).toMatchObject({ openCalls: 1 });
    await expectExact(rig.database);
  });

  it('is charged when its end comes after all, and a settled call is left as it is', async () => {
    const card = await rig.operator.activeCard(2n * euro);
    await rig.operator.authorize('fs1/late/1', card);
    await release('fs1/late/1');
    await rig.operator.settle([callRated('fs1/late/1', card, euro / 4n)]);
    await release('fs1/late/1');
    expect(await rig.operator.balance(card)).toEqual({ credit: (7n * euro) / 4n, reserved: 0n, available: (7n * euro) / 4n });
  });
});
