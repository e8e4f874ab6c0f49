import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Places } from './places.ts';

describe('places', () => {
  it('find what is there by its name, and nothing of what has left, as a map would', () => {
    fc.assert(fc.property(fc.array(fc.nat(9), { maxLength: 60 }), (steps) => {
      const [places, map, names] = [new Places<number>(), new Map<string, number>(), [] as string[]];
      for (const [at, step] of steps.entries()) {
        const named = names[step];
        if (named === undefined || step > 6) {
          const name = places.put(at);
          expect(map.has(name)).toBe(false);
          map.set(name, at);
          names.push(name);
        } else {
          expect(places.take(named)).toBe(map.get(named));
          map.delete(named);
        }
        expect(names.map((name) => places.at(name))).toEqual(names.map((name) => map.get(name)));
        expect(places.names().toSorted()).toEqual([...map.keys()].toSorted());
      }
    }));
  });

  it.each(['', '-', '0', '0-', '0-2', 'x-1', '0-1-1'])('know nothing of the name "%s"', (name) => {
    const places = new Places<string>();
    expect(places.put('there')).toBe('0-1');
    expect([places.at(name), places.take(name)]).toEqual([undefined, undefined]);
  });
});
