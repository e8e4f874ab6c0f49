import { describe, expect, it } from '@jest/globals';
import { countingMeter } from '@tollwire/testing';
import { ended, endedFacts, rated, started, theCall } from '../domain/call.fixtures.ts';
import { type CallEvent, evolve, untold } from '../domain/call.ts';
import { closedCallCount } from './count-closed.ts';

const after = (...events: CallEvent[]) => events.reduce(evolve, untold(theCall));
const unanswered: CallEvent = { type: 'CallEnded', call: theCall, facts: { ...endedFacts, answeredAtUs: 0 } };
const conversationSec = (endedFacts.endedAtUs - endedFacts.answeredAtUs) / 1_000_000;

describe('closed calls', () => {
  it.each([
    ['when they close', after(started, ended), after(started, ended, rated), [['yes', 1]], conversationSec],
    ['without a conversation where nobody answered', after(unanswered), after(unanswered, rated), [['no', 1]], 0],
    ['not while they are open', after(started), after(started, ended), [], 0],
    ['once: not again when more is told of them', after(ended, rated), after(ended, rated, started), [], 0],
  ])('are counted %s', (_what, before, then, closed, seconds) => {
    const { counted, meter } = countingMeter();
    closedCallCount(meter)([{ eventCount: 1, before, after: then }]);
    expect(counted).toEqual([
      ...closed.map(([answered, count]) => ['tollwire_cdr_closed_calls_total', { answered }, count]),
      ...(seconds === 0 ? [] : [['tollwire_cdr_conversation_seconds_total', undefined, seconds]]),
    ]);
  });
});
