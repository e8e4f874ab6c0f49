import { describe, expect, it } from '@jest/globals';
import { Delivery } from './delivery.ts';

describe('what a delivery says of itself', () => {
  const noJson = (): never => {
    throw new Error('no JSON');
  };
  const message = { subject: 's', sid: 1, data: new Uint8Array(0), respond: () => true, json: noJson, string: () => '' };
  const deliveryOf = (reply: string) => new Delivery({ ...message, reply }, 7);

  it.each([
    ['$JS.ACK.TOLLWIRE_EDGE.cdr-calls.2.55.9.1766000000123456789.17'],
    ['$JS.ACK.hub.ABCDEF.TOLLWIRE_EDGE.cdr-calls.2.55.9.1766000000123456789.17.x1y2'],
  ])('is read from %s', (reply) => {
    expect(deliveryOf(reply)).toMatchObject({ deliveryCount: 2, streamSeq: 55, pendingCount: 17, generation: 7 });
  });
});
