import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { type AuthorizeRequest, AuthorizeRequestSchema, AuthorizeReplySchema, type CodedRefusal } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import { until } from '@tollwire/testing';
import type { EdgeAskers } from '../edge.deps.ts';
import { authorizer } from './authorizer.ts';

/** A card service that answers each call by its id once it is let, and keeps what it was asked. */
class HeldCard implements Pick<EdgeAskers['card'], 'authorize'> {
  readonly asked: string[][] = [];
  readonly held: (() => void)[] = [];
  refusal: CodedRefusal | undefined;

  authorize: EdgeAskers['card']['authorize'] = async (request) => {
    const callIds = create(AuthorizeRequestSchema, request).items.map(callIdOf);
    this.asked.push(callIds);
    await new Promise<void>((resolve) => this.held.push(resolve));
    if (this.refusal !== undefined) return refuse(this.refusal);
    return ok(create(AuthorizeReplySchema, { results: callIds.map((reservationId) => ({ result: { case: 'authorized' as const, value: { reservationId } } })) }));
  };
}

const callIdOf = ({ call }: AuthorizeRequest['items'][number]) => call?.callId ?? '';
const item = (callId: string) => ({ call: { switchId: 's', callId, leg: 0 } });
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('authorizing over the door', () => {
  it('asks at once, and puts what comes soon after into one request, each call answered for itself', async () => {
    const card = new HeldCard();
    const authorize = authorizer(card);
    const first = authorize(item('a'));
    await turn();
    const others = ['b', 'c', 'd'].map((callId) => authorize(item(callId)));
    card.held.shift()?.();
    await first;
    await until(() => card.asked.length === 2);
    card.held.shift()?.();
    const answers = await Promise.all([first, ...others]);
    expect(card.asked).toEqual([['a'], ['b', 'c', 'd']]);
    expect(answers).toMatchObject(['a', 'b', 'c', 'd'].map((reservationId) => ({ ok: true, value: { result: { value: { reservationId } } } })));
  });

  it('hands on why card does not answer', async () => {
    const card = new HeldCard();
    card.refusal = { code: 'service_unavailable', detail: 'No instance of the service is running' };
    const answer = authorizer(card)(item('a'));
    await turn();
    card.held.shift()?.();
    expect(await answer).toEqual(refuse(card.refusal));
  });

  it('lets no more wait than can be answered in time', async () => {
    const card = new HeldCard();
    const authorize = authorizer(card);
    const waiting = Array.from({ length: 2_000 }, (_, at) => authorize(item(String(at))));
    expect(await authorize(item('one more'))).toMatchObject({ ok: false, refusal: { code: 'service_unavailable' } });
    await turn();
    while (card.held.length > 0) {
      card.held.shift()?.();
      await turn();
    }
    expect((await Promise.all(waiting)).every((answer) => answer.ok)).toBe(true);
    expect(Math.max(...card.asked.map(({ length }) => length))).toBe(200);
  });
});
