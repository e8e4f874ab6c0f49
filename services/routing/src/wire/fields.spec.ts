import { create } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { GatewaySchema } from '@tollwire/contracts';
import { table } from '@tollwire/testing';
import { gatewayFields, providerFields } from './fields.ts';
import { metaOf } from './meta.ts';

describe('who a provider is', () => {
  it('has its code for a name where none is given', () => {
    expect(providerFields({ carrierCode: 'ALPHA', name: '', priority: 2 })).toEqual({ ok: true, value: { carrierCode: 'ALPHA', name: 'ALPHA', priority: 2 } });
    expect(providerFields({ carrierCode: 'ALPHA', name: 'Alpha', priority: 0 })).toMatchObject({ value: { name: 'Alpha' } });
  });

  it.each<[field: string, given: object, code: string]>([
    ['carrierCode', { carrierCode: '' }, 'field_missing'],
    ['carrierCode', { carrierCode: 'A\u0000' }, 'field_malformed'],
    ['carrierCode', { carrierCode: 'A'.repeat(256) }, 'field_malformed'],
    ['name', { name: 'a\nb' }, 'field_malformed'],
    ['priority', { priority: 2 ** 31 }, 'field_out_of_range'],
  ])('refuses what no row could keep: %s of %j', (field, given, code) => {
    expect(providerFields({ carrierCode: 'ALPHA', name: 'Alpha', priority: 0, ...given })).toMatchObject({ ok: false, refusal: { code, field } });
  });
});

describe('the gateway of a provider', () => {
  const given = (change: object) => gatewayFields(create(GatewaySchema, { address: '203.0.113.7:5061', ...change }));

  it('is spoken to in SIP, with 30 s to answer and the number as it is, where nothing else is said', () => {
    expect(given({})).toEqual({ ok: true, value: { address: '203.0.113.7:5061', tech: 'SIP', stripDigits: 0, addPrefix: '', timeoutSec: 30 } });
  });

  it('is as it is told otherwise', () => {
    const told = { tech: 'IAX2', stripDigits: 15, addPrefix: '9#', timeoutSec: 300 };
    expect(given(told)).toMatchObject({ ok: true, value: told });
  });

  // The table's own checks would refuse these as an internal error.
  it.each(table(`
    field       | value | code
    address     |       | field_missing
    stripDigits | 16    | field_out_of_range
    timeoutSec  | 301   | field_out_of_range
  `))('refuses $field of "$value"', ({ field = '', value = '', code }) => {
    expect(given({ [field]: /^\d+$/.test(value) ? Number(value) : '' })).toMatchObject({ ok: false, refusal: { code, field: `gateway.${field}` } });
  });

  it.each(['address', 'tech', 'addPrefix'])('refuses a control character in %s', (field) => {
    expect(given({ [field]: 'x\u0000' })).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: `gateway.${field}` } });
  });

  it.each<[what: string, told: object, kept: object | undefined]>([
    ['nothing', {}, undefined],
    ['keep', { rule: 'keep' }, undefined],
    ['another number', { rule: 'replace', number: '+4317000' }, { rule: 'replace', number: '+4317000' }],
    ['other digits', { rule: 'digits', stripDigits: 2, addPrefix: '0' }, { rule: 'digits', stripDigits: 2, addPrefix: '0' }],
    ['none', { rule: 'withhold' }, { rule: 'withhold' }],
  ])('wants %s for a caller id', (_, callerId, kept) => {
    const read = given({ callerId });
    expect(read.ok && read.value.callerId).toEqual(kept);
  });

  it.each<[field: string, callerId: object, code: string]>([
    ['rule', { rule: 'invent' }, 'field_malformed'],
    ['number', { rule: 'replace' }, 'field_malformed'],
    ['number', { rule: 'replace', number: 'reception' }, 'field_malformed'],
    ['number', { rule: 'withhold', number: '4317000' }, 'field_malformed'],
    ['stripDigits', { stripDigits: 2 }, 'field_malformed'],
    ['stripDigits', { rule: 'digits', stripDigits: 16 }, 'field_out_of_range'],
    ['addPrefix', { rule: 'digits', addPrefix: '0\u0000' }, 'field_malformed'],
    ['addPrefix', { rule: 'replace', number: '4317000', addPrefix: '0' }, 'field_malformed'],
  ])('refuses %s of the caller id rule %j', (field, callerId, code) => {
    expect(given({ callerId })).toMatchObject({ ok: false, refusal: { code, field: `gateway.callerId.${field}` } });
  });

  it('must be given', () => {
    expect(gatewayFields(undefined)).toMatchObject({ ok: false, refusal: { code: 'field_missing', field: 'gateway.address' } });
  });
});

describe('what is kept beside an event', () => {
  it('is who and which request, as far as they are known', () => {
    expect(metaOf('ann', { traceparent: '00-1' })).toEqual({ by: 'ann', traceparent: '00-1' });
    expect(metaOf('', {})).toEqual({});
  });

  it('is text that can be printed, of a length that can be read', () => {
    expect(metaOf(`a\u0000\u001b${'n'.repeat(500)}`, {})).toEqual({ by: `a${'n'.repeat(127)}` });
  });
});
