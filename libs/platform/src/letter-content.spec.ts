import { toBinary, create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CallEndedSchema } from '@tollwire/contracts';
import { letterContent, letterDetail } from './letter-content.ts';

describe('what a dead letter tells', () => {
  const call = { switchId: 'fs1', callId: 'c', leg: 0 };
  const dataBytes = toBinary(CallEndedSchema, create(CallEndedSchema, { call, cli: '+4315550100', calledNumber: '442071838750', channel: 'SIP/1001', q850Cause: 16 }));
  const event = { id: 'e', type: 'tollwire.call.v1.CallEnded', source: 's', key: 'k', timeUs: 1, dataBytes };

  it('is the event as JSON, its numbers by their prefixes', () => {
    expect(JSON.parse(letterContent({ kind: 'event', event }))).toEqual({
      call: { switchId: 'fs1', callId: 'c' }, cli: '+431555****', calledNumber: '442071******', channel: '********', q850Cause: 16,
    });
  });

  it.each([
    ['{"call":"fs1/4315550100/0","party":"card:0012345678901234","dialled":"0664123456"}', '{"call":"fs1/4315550100/0","party":"card:0012345678901234","dialled":"066412****"}'],
    ['{"dialled":"a\\"b","field":"x"}', '{"dialled":"****","field":"x"}'],
    ['field: callId', 'field: callId'],
  ])('was parked for %s, which is told as %s', (detail, told) => {
    expect(letterDetail(detail)).toBe(told);
  });

  it('is nothing where it cannot be read', () => {
    const unreadable = [{ kind: 'message', event }, { kind: 'event', event: { ...event, type: 'x' } }, { kind: 'event', event: { ...event, dataBytes: Buffer.from([255]) } }] as const;
    expect(unreadable.map(letterContent)).toEqual(['', '', '']);
  });
});
