import { decodeMessage, type ReceivedEvent } from '@tollwire/contracts';
import { describe, expect, it } from '@jest/globals';
import { callBodies, callBodyType, callParties } from './call-bodies.ts';

const destinations = ['43', '49', '1'].map((prefix) => ({ prefix, countryCode: 'AT', subcode: '' }));
const source = { runId: 'run', cardIds: ['007', '008'], plan: { prefixes: destinations }, world: { carrierCodes: ['NORTH'] } };

function eventsIn(body: Uint8Array): ReceivedEvent[] {
  const decoded = decodeMessage(callBodyType, () => undefined, body);
  if (!decoded.ok) throw new Error(decoded.refusal.code);
  return decoded.value;
}

describe('the calls of a bench', () => {
  it('are the same for the same run', () => {
    expect(callParties(source, 50)).toEqual(callParties(source, 50));
    expect(new Set(callParties(source, 50).map(({ callId }) => callId)).size).toBe(50);
  });

  it('are told in three events each, start, answer and end in different requests', () => {
    const bodies = callBodies(callParties(source, 25), 10).map(eventsIn);
    const kinds = bodies.map((events) => Object.entries(Object.groupBy(events, ({ type }) => type.split('.').at(-1) ?? '')).map(([kind, of]) => `${kind} ${of?.length ?? 0}`));
    expect(kinds).toEqual([
      ['CallStarted 10'],
      ['CallStarted 10', 'CallAnswered 10'],
      ['CallStarted 5', 'CallAnswered 10', 'CallEnded 10'],
      ['CallAnswered 5', 'CallEnded 10'],
      ['CallEnded 5'],
    ]);
    expect(new Set(bodies.flat().map(({ id }) => id)).size).toBe(75);
  });
});
