import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AllowanceTerms, AllowanceTermsSchema, CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { type CoveredFees, type PeriodUnit, zoneOf } from '@tollwire/telecom';
import type { TermsRow } from '../allowances/grant-rows.ts';

const units: readonly PeriodUnit[] = ['once', 'day', 'week', 'month'];
const coverages: readonly CoveredFees[] = ['none', 'connect', 'all'];
/** 2001-01-01: a Monday, and the first of its month. */
const ANCHOR_DAY = '2001-01-01';
const DAY_MS = 86_400_000;
/** Sums of seconds are 32-bit numbers. */
const SEC_MAX = 2_147_483_647;
const WEIGHT_MAX = 1_000_000;
const PREFIXES_MAX = 10_000;

/** Reads what seconds are granted, and for what. Refused with the field at fault, below `field`. */
export function termsOf(terms: AllowanceTerms | undefined, field: string): Result<TermsRow, CodedRefusal> {
  if (terms === undefined) return refuse({ code: 'field_missing', field });
  const unit = units.find((name) => name === (terms.period || 'once'));
  const covers = coverages.find((name) => name === (terms.covers || 'none'));
  const anchorDay = dayOf(terms.anchorDay || ANCHOR_DAY);
  const fault = faultOf(terms);
  if (fault !== undefined) return refuse({ code: 'field_out_of_range', field: `${field}.${fault}` });
  if (unit === undefined) return refuse({ code: 'field_malformed', field: `${field}.period`, detail: `Give one of ${units.join(', ')}.` });
  if (covers === undefined) return refuse({ code: 'field_malformed', field: `${field}.covers`, detail: `Give one of ${coverages.join(', ')}.` });
  if (anchorDay === undefined) return refuse({ code: 'field_malformed', field: `${field}.anchorDay`, detail: 'Give a day, as 2026-01-31.' });
  if (!zoneOf(terms.timeZone).ok) return refuse({ code: 'field_malformed', field: `${field}.timeZone`, detail: 'Give an IANA name, as Europe/Madrid.' });
  if (!terms.prefixes.every((prefix) => /^[1-9]\d{0,14}$/.test(prefix))) return refuse({ code: 'field_malformed', field: `${field}.prefixes` });
  return ok({
    sec_per_period: terms.sec,
    period_unit: unit,
    time_zone: terms.timeZone,
    anchor_day: anchorDay,
    prefixes: [...new Set(terms.prefixes)].sort(),
    weight: terms.weight,
    covers,
    valid_from_us: terms.validFromUs,
    valid_until_us: terms.validUntilUs === 0n ? null : terms.validUntilUs,
  });
}

/** Terms as messages tell them. */
export function termsMessage(row: TermsRow): MessageInitShape<typeof AllowanceTermsSchema> {
  return {
    sec: row.sec_per_period,
    period: row.period_unit,
    timeZone: row.time_zone,
    anchorDay: new Date(row.anchor_day * DAY_MS).toISOString().slice(0, 10),
    prefixes: [...row.prefixes],
    weight: row.weight,
    covers: row.covers,
    validFromUs: row.valid_from_us,
    validUntilUs: row.valid_until_us ?? 0n,
  };
}

/** Which field of validity is beyond its range; the first is `validUntilUs` where nothing lies between the two. */
export function validityFault(fromUs: bigint, untilUs: bigint): 'validFromUs' | 'validUntilUs' | undefined {
  if (fromUs !== 0n && !isPlausible(fromUs)) return 'validFromUs';
  if (untilUs !== 0n && (!isPlausible(untilUs) || untilUs <= fromUs)) return 'validUntilUs';
  return undefined;
}

function faultOf({ sec, weight, prefixes, validFromUs, validUntilUs }: AllowanceTerms): string | undefined {
  if (sec === 0 || sec > SEC_MAX) return 'sec';
  if (weight > WEIGHT_MAX) return 'weight';
  if (prefixes.length > PREFIXES_MAX) return 'prefixes';
  return validityFault(validFromUs, validUntilUs);
}

/** Within the years 2000 to 2100: what is outside is a mistake. */
function isPlausible(us: bigint): boolean {
  return us >= 946_684_800_000_000n && us < 4_102_444_800_000_000n;
}

function dayOf(text: string): number | undefined {
  const ms = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return Number.isNaN(ms) || new Date(ms).toISOString().slice(0, 10) !== text ? undefined : ms / DAY_MS;
}
