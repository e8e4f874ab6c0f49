import { create, type MessageInitShape } from '@bufbuild/protobuf';
import { describe, expect, it } from '@jest/globals';
import { ProviderLimitsSchema } from '@tollwire/contracts';
import { NO_LIMITS } from '../domain/provider-limits.ts';
import { limitFields, limitsMessage } from './limit-fields.ts';

type Told = MessageInitShape<typeof ProviderLimitsSchema>;
const read = (told: Told) => limitFields(create(ProviderLimitsSchema, told));

const night = { name: '', weekdays: [6, 7], monthDays: [], months: [], years: [], fromSec: 72_000, untilSec: 21_600, weight: 0 };
const all: Told = {
  hours: [night], timeZone: 'Europe/Madrid', concurrentCallsMax: 30, callsPerSecMax: 10, asrPpmMin: 400_000, acdSecMin: 30, pddMsMax: 5_000, attemptCountMin: 50, lockSec: 600,
};

describe('the limits of a provider as they are told', () => {
  it('are none where nothing is said', () => {
    expect(read({})).toEqual({ ok: true, value: NO_LIMITS });
  });

  it('are told back as they were read', () => {
    const limits = read(all);
    expect(limits).toEqual({
      ok: true,
      value: {
        hours: [night], timeZone: 'Europe/Madrid', concurrentCallsMax: 30, callsPerSecMax: 10,
        quality: { asrPpmMin: 400_000, acdSecMin: 30, pddMsMax: 5_000, attemptCountMin: 50, lockSec: 600 },
      },
    });
    expect(limits.ok && create(ProviderLimitsSchema, limitsMessage(limits.value))).toEqual(create(ProviderLimitsSchema, all));
  });

  it.each<[what: string, told: Told, code: string, field: string]>([
    ['no calls at once', { concurrentCallsMax: 0 }, 'field_out_of_range', 'limits.concurrentCallsMax'],
    ['more calls a second than anybody makes', { callsPerSecMax: 1_000_001 }, 'field_out_of_range', 'limits.callsPerSecMax'],
    ['more answers than calls', { asrPpmMin: 1_000_001 }, 'field_out_of_range', 'limits.asrPpmMin'],
    ['a lock of more than a day', { lockSec: 86_401 }, 'field_out_of_range', 'limits.lockSec'],
    ['more attempts than are ever made', { attemptCountMin: 1_000_001 }, 'field_out_of_range', 'limits.attemptCountMin'],
    ['an eighth day', { hours: [night, { ...night, weekdays: [8] }] }, 'field_out_of_range', 'limits.hours[1]'],
    ['more windows than are read', { hours: Array.from({ length: 51 }, () => night) }, 'too_many_items', 'limits.hours'],
    ['a zone that is none', { timeZone: 'Mars/Base' }, 'field_malformed', 'limits.timeZone'],
  ])('are refused with %s', (_, told, code, field) => {
    expect(read(told)).toMatchObject({ ok: false, refusal: { code, field } });
  });

  it('are which calls it takes, and come out as they went in', () => {
    const stated = { codecs: ['PCMA', 'opus'], attestationMin: 'B', accountsOnly: ['acme'], accountsNot: ['evil'] };
    const read = limitFields(create(ProviderLimitsSchema, stated));
    expect(read).toMatchObject({ ok: true, value: stated });
    expect(read.ok && limitsMessage(read.value)).toMatchObject(stated);
    const none = limitFields(create(ProviderLimitsSchema));
    expect(none.ok && Object.keys(none.value)).not.toContain('codecs');
    const wrongs: [string, MessageInitShape<typeof ProviderLimitsSchema>][] =
      [['attestationMin', { attestationMin: 'D' }], ['codecs', { codecs: [''] }], ['accountsOnly', { accountsOnly: ['x'.repeat(65)] }]];
    for (const [field, wrong] of wrongs) {
      expect(limitFields(create(ProviderLimitsSchema, wrong))).toMatchObject({ ok: false, refusal: { code: 'field_malformed', field: `limits.${field}` } });
    }
    expect(limitFields(create(ProviderLimitsSchema, { accountsNot: Array.from({ length: 1001 }, () => 'x') }))).toMatchObject({ ok: false, refusal: { code: 'too_many_items' } });
  });
});
