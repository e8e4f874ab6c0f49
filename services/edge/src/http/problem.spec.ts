import { describe, expect, it } from '@jest/globals';
import { isRefusalCode, refusals } from '@tollwire/contracts';
import { problemOf, refusalOfStatus } from './problem.ts';
import { refusalOfWire } from './wire-refusal.ts';

describe('problem details', () => {
  it('are what the table of refusals says', () => {
    for (const code of Object.keys(refusals).filter(isRefusalCode)) {
      expect(problemOf({ code })).toEqual({ type: `urn:tollwire:refusal:${code}`, code, status: refusals[code].status, title: refusals[code].title, detail: refusals[code].next });
    }
  });

  it('carry the field at fault and the facts, and nothing that is empty', () => {
    expect(problemOf({ code: 'field_missing', field: 'cli', detail: 'cli is missing.', facts: {} })).toEqual({
      type: 'urn:tollwire:refusal:field_missing', title: refusals.field_missing.title, status: 400, code: 'field_missing', field: 'cli', detail: 'cli is missing.',
    });
    expect(problemOf({ code: 'unknown_card', field: '', detail: '' })).not.toHaveProperty('field');
    expect(problemOf({ code: 'insufficient_credit', facts: { available: '0.01 EUR' } })).toMatchObject({ status: 402, facts: { available: '0.01 EUR' } });
  });

  it.each([
    [404, 'not_found'],
    [405, 'method_not_allowed'],
    [413, 'request_too_large'],
    [415, 'unsupported_media_type'],
    [400, 'request_malformed'],
    [418, 'request_malformed'],
    [503, 'service_unavailable'],
    [500, undefined],
  ])('the framework says %i: %s', (status, code) => {
    expect(refusalOfStatus(status, 'because')?.code).toBe(code);
  });

  it('take a refusal within a reply, even of a code that only a newer service knows', () => {
    const wire = { $typeName: 'tollwire.common.v1.Refusal', detail: 'No.', field: '', facts: {} } as const;
    expect(refusalOfWire({ ...wire, code: 'no_sell_rate' })).toMatchObject({ code: 'no_sell_rate' });
    expect(refusalOfWire({ ...wire, code: 'too_purple' })).toMatchObject({ code: 'internal_error', facts: { code: 'too_purple' } });
    expect(refusalOfWire(undefined)).toMatchObject({ code: 'internal_error' });
  });
});
