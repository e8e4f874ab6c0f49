import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CallEndedSchema } from '@tollwire/contracts';
import { misfitIn } from './row-limits.ts';

const whole = { call: { switchId: 'pbx', callId: '1.1' }, charged: { party: { case: 'accountCode' as const, value: 'acme' } }, cli: '431', calledNumber: 's', carrierCode: 'NORTH', channel: 'SIP/1' };
const told = (over: object) => misfitIn(create(CallEndedSchema, { ...whole, ...over }));

describe('the limits of a row', () => {
  it.each([
    ['switchId', (text: string) => ({ call: { switchId: text, callId: '1' } }), 64],
    ['callId', (text: string) => ({ call: { switchId: 'pbx', callId: text } }), 255],
    ['account', (text: string) => ({ charged: { party: { case: 'accountCode', value: text } } }), 64],
    ['cli', (text: string) => ({ cli: text }), 64],
    ['calledNumber', (text: string) => ({ calledNumber: text }), 64],
    ['carrierCode', (text: string) => ({ carrierCode: text }), 32],
    ['carrierCode', (text: string) => ({ carrierCode: '', attempts: [{ carrierCode: text }] }), 32],
    ['channel', (text: string) => ({ channel: text }), 255],
  ] as const)('of %s are those of the door', (field, over, lengthMax) => {
    expect(told(over('x'.repeat(lengthMax)))).toBeUndefined();
    expect(told(over('x'.repeat(lengthMax + 1)))).toMatchObject({ code: 'field_out_of_range', field });
    for (const odd of ['a\0b', 'a\nb', '\u0007']) expect(told(over(odd))).toMatchObject({ code: 'field_malformed', field });
  });

  it('let a row without a payer or a number that can be dialled be', () => {
    expect(misfitIn(create(CallEndedSchema, { call: whole.call, calledNumber: '1' }))).toBeUndefined();
    expect(told({ calledNumber: 'anonymous' })).toBeUndefined();
  });
});
