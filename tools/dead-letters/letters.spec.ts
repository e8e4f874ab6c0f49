import { describe, expect, it } from '@jest/globals';
import { type DeadLetter, letterLine, letterLines, reasonLines } from './letters.ts';

const letter: DeadLetter = {
  service: 'cdr', id: 7, consumer: 'track', eventId: 'e-1', eventType: 'tollwire.call.v1.CallEnded', subject: 'card:001', reason: 'field_missing', detail: 'field: call.callId',
  parkedAt: '2026-03-01T12:00:00.000000Z', tries: 2, content: '',
};

describe('dead letters', () => {
  it('are told in a line each, whole, and counted by their reasons', () => {
    expect(letterLine(letter)).toBe('cdr 7  2026-03-01T12:00:00Z  track  CallEnded of card:001: field_missing (field: call.callId), tried 2 times');
    expect(letterLine({ ...letter, detail: '', tries: 1 })).toMatch(/field_missing$/);
    expect(letterLines({ ...letter, content: '{"cli":"431555****"}' })).toEqual(expect.arrayContaining(['reason     field_missing', 'content    {"cli":"431555****"}']));
    expect(reasonLines([letter, { ...letter, reason: 'failed' }, { ...letter, id: 8 }])).toEqual(['2  cdr  track  field_missing', '1  cdr  track  failed']);
  });
});
