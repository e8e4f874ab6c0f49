import { toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CallRatedSchema, CardDeactivatedSchema, dataOf, EventRefused, isUuid, publicEventOf, publicEvents, refusals } from './index.ts';

const data = { cardId: '0012345678' };
const about = { source: 'tollwire/card', timeUs: 1_766_000_000_123_456, parts: ['0012345678', '3'], data };
const made = publicEventOf(publicEvents.CardDeactivated, about);

/** The event as a consumer has it. */
const received = { id: made.id, type: made.definition.type, source: made.source, key: made.key, timeUs: made.timeUs, dataBytes: toBinary(CardDeactivatedSchema, made.data) };

describe('a public event', () => {
  it('takes its key from its data and its id from what makes it this event', () => {
    expect(made).toMatchObject({ key: 'card:0012345678', source: 'tollwire/card', timeUs: about.timeUs });
    expect(isUuid(made.id)).toBe(true);
    expect(publicEventOf(publicEvents.CardDeactivated, { ...about, source: 'tollwire/other' }).id).toBe(made.id);
    expect(publicEventOf(publicEvents.CardDeactivated, { ...about, parts: ['0012345678', '4'] }).id).not.toBe(made.id);
  });

  it('has a trace where there is one, and no empty place for it where there is none', () => {
    expect(publicEventOf(publicEvents.CardDeactivated, { ...about, traceparent: undefined })).not.toHaveProperty('traceparent');
    expect(publicEventOf(publicEvents.CardDeactivated, { ...about, traceparent: '00-a-b-01' }).traceparent).toBe('00-a-b-01');
  });

  it('gives its data as its own type only', () => {
    expect(dataOf(CardDeactivatedSchema, received).cardId).toBe('0012345678');
    expect(() => dataOf(CallRatedSchema, received)).toThrow('Expected tollwire.rating.v1.CallRated, got tollwire.card.v1.CardDeactivated');
  });

  it.each([
    ['of another type', { ...received, type: 'tollwire.card.v1.CardActivated' }, 'unexpected_event_type'],
    ['with data that is cut off', { ...received, dataBytes: received.dataBytes.subarray(0, 4) }, 'message_malformed'],
  ])('%s parks under its code', (_what, event, code) => {
    const refusal = (() => {
      try {
        return dataOf(CardDeactivatedSchema, event);
      } catch (error) {
        return error instanceof EventRefused ? error.refusal : error;
      }
    })();
    expect(refusal).toMatchObject({ code });
  });
});

describe('an event that is refused', () => {
  it('says its detail, or the title of its code where it has none', () => {
    expect(new EventRefused({ code: 'unknown_card', detail: 'No card 7' }).message).toBe('No card 7');
    expect(new EventRefused({ code: 'unknown_card' }).message).toBe(refusals.unknown_card.title);
  });
});
