import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import fc from 'fast-check';
import { fieldSent, refusalSent } from './field-sent.ts';
import { refusalOfWire } from './wire-refusal.ts';

describe('the field at fault', () => {
  it.each(
    table<'named' | 'sent'>(`
      named                       | sent
      carrier_code                | carrierCode
      carrierCode                 | carrierCode
      rates[0].rate_per_min_nanos | rates[0].ratePerMin
      rates[12].ratePerMinNanos   | rates[12].ratePerMin
      valid_from_us               | validFrom
      validFromUs                 | validFrom
      retail_plan_ids             | retailPlanIds
      prefixes[3]                 | prefixes[3]
      owner_id                    | ownerId
      amount.nanos                | amount.amount
      creditLimit.nanos           | creditLimit.amount
      amount.currency             | amount.currency
      party.cardId                | cardId
      charged.accountCode         | accountCode
      plan.tariff_id              | tariffId
      call.leg                    | leg
      status                      | status
      bonus                       | bonus
      -                           | -
    `),
  )('$named was sent as $sent', ({ named, sent }) => {
    expect(fieldSent(named)).toBe(sent);
  });

  it('goes by the name that a route knows for it', () => {
    expect(fieldSent('charged', { charged: 'cardId' })).toBe('cardId');
    expect(fieldSent('e164', { e164: 'calledNumber' })).toBe('calledNumber');
    expect(fieldSent('plan.tariffId', { plan: 'voipPlanId' })).toBe('tariffId');
  });

  it('is the same when it is said the second time, and never in the names of a service', () => {
    // A name that ends in a unit beside its unit is none that a service has.
    const word = fc.stringMatching(/^[a-z]{1,8}$/).filter((each) => each !== 'us' && each !== 'nanos');
    const segment = fc.tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom('', '[0]', '[17]'), fc.constantFrom('', '_us', '_nanos'));
    fc.assert(
      fc.property(fc.array(segment, { minLength: 1, maxLength: 4 }), (segments) => {
        const sent = fieldSent(segments.map(([words, index, unit]) => words.join('_') + unit + index).join('.'));
        expect(sent).not.toMatch(/_|(Us|Nanos)(?![a-z])/);
        expect(fieldSent(sent)).toBe(sent);
        expect(sent.match(/\[\d+\]$/)?.[0] ?? '').toBe(segments.at(-1)?.[1]);
      }),
    );
  });
});

describe('the refusal of a service', () => {
  it('keeps all but the name of the field', () => {
    const refusal = { code: 'unknown_plan', field: 'owner_id', detail: 'd', facts: { owner_id: '7' } } as const;
    expect(refusalSent(refusal)).toEqual({ ...refusal, field: 'ownerId' });
    expect(refusalSent({ code: 'deck_empty' })).toEqual({ code: 'deck_empty' });
  });

  it('that came within a reply is told likewise, and one of a newer service as what it is', () => {
    const wire = { $typeName: 'tollwire.common.v1.Refusal', detail: 'd', facts: { a: 'b' }, field: 'at_us' } as const;
    expect(refusalOfWire({ ...wire, code: 'field_out_of_range' })).toEqual({ code: 'field_out_of_range', detail: 'd', field: 'at', facts: { a: 'b' } });
    expect(refusalOfWire({ ...wire, code: 'moon_phase' })).toEqual({ code: 'internal_error', detail: 'd', facts: { a: 'b', code: 'moon_phase' } });
    expect(refusalOfWire(undefined)).toMatchObject({ code: 'internal_error' });
  });
});
