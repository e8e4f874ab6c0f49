import { describe, expect, it } from '@jest/globals';
import { Delivery } from './delivery.ts';

describe('what a delivery says of itself', () => {
  const deliveryOf = (reply: string) =>
    new Delivery(
      { subject: 's', sid: 1, reply, data: new Uint8Array(0), respond: () => true, json: () => JSON.parse('null'), string: () => '' },
      7,
    );

  it.each([
    ['$JS.ACK.TOLLWIRE_EDGE.cdr-calls.2.55.9.1766000000123456789.17'],
    ['$JS.ACK.hub.ABCDEF.TOLLWIRE_EDGE.cdr-calls.2.55.9.1766000000123456789.17.x1y2'],
  ])('is read from %s', (reply) => {
    expect(deliveryOf(reply)).toMatchObject({ deliveryCount: 2, streamSeq: 55, pendingCount: 17, generation: 7 });
  });
});
