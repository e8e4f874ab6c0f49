import { create, toBinary } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { CardService, type CodedRefusal, OpsService, RefusalSchema } from '@tollwire/contracts';
import { refusalBytes, refusalOfBytes, serviceNameOf, subjectsOf } from './wire.ts';

describe('the subjects of a service', () => {
  it('come from its descriptor', () => {
    expect(subjectsOf(CardService, { root: 'tollwire' }).get('authorize')).toBe('tollwire.card.v1.rpc.Authorize');
    expect(serviceNameOf(CardService, { root: 'tollwire' })).toBe('card');
  });

  it('are under the name of whoever answers, where many answer the same service', () => {
    expect(subjectsOf(OpsService, { root: 't', service: 'cdr' }).get('listDeadLetters')).toBe('t.cdr.v1.rpc.ListDeadLetters');
  });
});

describe('a refusal on the wire', () => {
  it('keeps its code, detail, field and facts', () => {
    const refusal: CodedRefusal = { code: 'insufficient_credit', detail: 'Top up.', field: 'items[0]', facts: { free: '12' } };
    expect(refusalOfBytes(refusalBytes(refusal))).toEqual(refusal);
  });

  it('takes the facts of a decider along', () => {
    const refusal = { code: 'card_expired', expiredAt: 17n, since: 5, last: true, nested: {} } as const;
    expect(refusalOfBytes(refusalBytes(refusal))).toEqual({
      code: 'card_expired',
      facts: { expiredAt: '17', since: '5', last: 'true' },
    });
  });

  it('is an internal error that tells the code, where the code is of a newer version', () => {
    const newer = toBinary(RefusalSchema, create(RefusalSchema, { code: 'from_the_future' }));
    expect(refusalOfBytes(newer)).toEqual({ code: 'internal_error', facts: { code: 'from_the_future' } });
  });
});
