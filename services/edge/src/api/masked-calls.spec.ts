import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { RefusedCallSchema, RouteDecidedSchema } from '@tollwire/contracts';
import { maskedRefusedCall, maskedRoute } from './masked-calls.ts';

describe('the route of a call, for everybody', () => {
  it('names its numbers by their prefix only, as each carrier wants them', () => {
    const callerId = { number: '4366400000', presentation: 'allowed' };
    const carriers = [{ number: '00436641234567', callerId, furtherGateways: [{ number: '436641234567', callerId }] }];
    expect(maskedRoute(create(RouteDecidedSchema, { calledE164: '436641234567', routedBy: '43700111222', carriers }))).toMatchObject({
      calledE164: '436641******', routedBy: '437001*****',
      carriers: [{ number: '004366********', callerId: { number: '436640****' }, furtherGateways: [{ number: '436641******', callerId: { number: '436640****' } }] }],
    });
  });

  it('that was refused because of the number tells no more of it', () => {
    const refusal = { code: 'number_blacklisted', detail: 'The blacklist has 436641234567', facts: { prefix: '436641234567', list: 'blacklist' } };
    expect(maskedRoute(create(RouteDecidedSchema, { calledE164: '436641234567', refusal })).refusal).toMatchObject({
      code: 'number_blacklisted', detail: 'The blacklist has 436641******', facts: { prefix: '436641******', list: 'blacklist' },
    });
    expect(maskedRoute(create(RouteDecidedSchema, { calledE164: '436641234567' }))).not.toHaveProperty('refusal');
  });
});

describe('a call that was refused, for everybody', () => {
  it('names its number by its prefix only, also in why it was', () => {
    const refusal = { code: 'number_blacklisted', detail: 'The blacklist has 436641234567' };
    expect(maskedRefusedCall(create(RefusedCallSchema, { calledE164: '436641234567', refusal }))).toMatchObject({
      calledE164: '436641******', refusal: { code: 'number_blacklisted', detail: 'The blacklist has 436641******' },
    });
    expect(maskedRefusedCall(create(RefusedCallSchema, { calledE164: '436641234567' }))).not.toHaveProperty('refusal');
  });
});
