import { describe, expect, it } from '@jest/globals';
import { idOf, kindOf, pack, subjectOf, unpack, usualSizes } from './shape.ts';

describe('what the floor writes', () => {
  it('is packed by partition at the size of real events, and unpacks to the same calls', () => {
    const numbers = Array.from({ length: 10 }, (_, at) => at + 100);
    const packed = pack('ended', usualSizes, numbers);
    expect(packed.map(({ subject, eventCount }) => `${subject} ${eventCount}`)).toEqual([
      'floor.edge.v1.call.ended.0 3', 'floor.edge.v1.call.ended.1 3', 'floor.edge.v1.call.ended.2 2', 'floor.edge.v1.call.ended.3 2',
    ]);
    expect(packed.map(({ payload }) => payload.length)).toEqual([3, 3, 2, 2].map((count) => count * usualSizes.ended));
    expect(packed.flatMap(({ payload }) => unpack('ended', usualSizes, payload)).sort()).toEqual(numbers);
  });

  it('unpacks messages that were packed of several rows', () => {
    const rows = [pack('rated', usualSizes, [4, 8]), pack('rated', usualSizes, [12])].flat();
    expect(unpack('rated', usualSizes, Buffer.concat(rows.map(({ payload }) => payload)))).toEqual([4, 8, 12]);
  });

  it('has subjects that tell the kind', () => {
    expect(kindOf(subjectOf('debited', '3'))).toBe('debited');
    expect(() => kindOf('floor.edge.v1.call.paused.0')).toThrow('no subject of the floor');
  });

  it('has ids that are UUIDs, one for each event, and sort by time', () => {
    const ids = [idOf('started', 1), idOf('started', 2), idOf('ended', 1), idOf('started', 1_000_000)];
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(new Set(ids).size).toBe(4);
    expect([...ids].sort().at(-1)).toBe(idOf('started', 1_000_000));
  });
});
