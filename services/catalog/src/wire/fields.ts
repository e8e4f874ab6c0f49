import { type ChargeTerms, chargeTermsOf, type CodedRefusal, type ComposeVoipPlanRequest, type RoundingMode as WireRoundingMode } from '@tollwire/contracts';
import { type InstantUs, ok, refuse, type Result } from '@tollwire/core';
import { type Currency, currencyOf, zoneOf } from '@tollwire/telecom';
import type { SellTerms } from '../domain/sell-terms.ts';
import type { InForce, RetailLink } from '../domain/voip-plan.ts';
import { roundingModeOf } from './deck-kind.ts';
import { instantUsOf } from './instant.ts';

const NAME_MAX = 100;
const DECIMALS_MAX = 9;
// A control character would be stored well and printed badly; PostgreSQL refuses NUL altogether.
const controlCharacter = /[\u0000-\u001f\u007f]/;

/** A name of 1 to 100 printable characters, without spaces around it. Refuses field_missing and field_malformed. */
export function nameField(value: string, field = 'name'): Result<string, CodedRefusal> {
  const name = value.trim();
  if (name === '') return refuse({ code: 'field_missing', field, detail: `Give ${field}.` });
  if (name.length <= NAME_MAX && !controlCharacter.test(name)) return ok(name);
  return refuse({ code: 'field_malformed', field, detail: `Give ${field} as at most ${NAME_MAX} printable characters.` });
}

const NOTE_MAX = 1_000;

/** Why somebody does something, in at most 1,000 printable characters; may be empty where it is not asked for. Refuses field_missing and field_malformed. */
export function noteField(value: string, field: string, { isNeeded = false } = {}): Result<string, CodedRefusal> {
  const note = value.trim();
  if (note === '' && isNeeded) return refuse({ code: 'field_missing', field, detail: `Give ${field}.` });
  if (note.length <= NOTE_MAX && !controlCharacter.test(note)) return ok(note);
  return refuse({ code: 'field_malformed', field, detail: `Give ${field} as at most ${NOTE_MAX} printable characters.` });
}

/** Who says so: as given, or `unknown`. Refuses field_malformed. */
export function byField(value: string): Result<string, CodedRefusal> {
  return value === '' ? ok('unknown') : nameField(value, 'by');
}

export function currencyField(value: string, field = 'currency'): Result<Currency, CodedRefusal> {
  const currency = currencyOf(value);
  return currency.ok ? currency : refuse({ code: 'currency_malformed', field, detail: `Give ${field} as three letters of ISO 4217.` });
}

/** How a plan is charged. Refuses decimals above 9 and a rounding that is not named. */
export function termsFields(
  request: {
    readonly currency: string;
    readonly roundingDecimals: number;
    readonly roundingMode: WireRoundingMode;
    readonly terms?: ChargeTerms | undefined;
    readonly windowsByStart: boolean;
  },
): Result<SellTerms, CodedRefusal> {
  const currency = currencyField(request.currency);
  if (!currency.ok) return currency;
  if (request.roundingDecimals > DECIMALS_MAX) {
    return refuse({ code: 'field_out_of_range', field: 'roundingDecimals', detail: 'Give roundingDecimals from 0 to 9.' });
  }
  const roundingMode = roundingModeOf(request.roundingMode);
  if (roundingMode === undefined) {
    return refuse({ code: 'field_missing', field: 'roundingMode', detail: 'Give roundingMode as up, down or half up.' });
  }
  const charges = chargeTermsOf(request.terms);
  if (charges === undefined) {
    return refuse({ code: 'field_out_of_range', field: 'terms', detail: 'Give fees from 0 on, seconds up to a day, and a tax of at most 1,000 %.' });
  }
  const terms = { currency: currency.value, roundingDecimals: request.roundingDecimals, roundingMode };
  return ok({ ...terms, ...(Object.keys(charges).length === 0 ? {} : { charges }), ...(request.windowsByStart ? { windowsByStart: true } : {}) });
}

/** The name of a time zone, empty for UTC. Refuses one that nobody knows. */
export function timeZoneField(timeZone: string): Result<{ timeZone?: string }, CodedRefusal> {
  if (timeZone === '') return ok({});
  if (zoneOf(timeZone).ok) return ok({ timeZone });
  return refuse({ code: 'field_malformed', field: 'timeZone', detail: 'Give the IANA name of a time zone, as Europe/Madrid.' });
}

/** Prefixes of 1 to 15 digits each. Refuses the first that is none. */
export function prefixFields(prefixes: readonly string[]): Result<readonly string[], CodedRefusal> {
  const trimmed = prefixes.map((prefix) => prefix.trim());
  const at = trimmed.findIndex((prefix) => !/^\d{1,15}$/.test(prefix));
  if (at === -1) return ok(trimmed);
  return refuse({ code: 'field_malformed', field: `prefixes[${at}]`, detail: 'Give prefixes as 1 to 15 digits.' });
}

/** Ids of plans, each once. */
export function distinctIds(ids: readonly number[]): number[] {
  return [...new Set(ids)];
}

/** 1 January 2200 in µs: a later date is a slip of the unit. */
const INSTANT_MAX_US = 7_258_118_400_000_000n;

/** An instant from 1970 to 2200. */
export function instantField(us: bigint, field: string): Result<InstantUs, CodedRefusal> {
  if (us >= 0n && us <= INSTANT_MAX_US) return ok(instantUsOf(us));
  return refuse({ code: 'field_out_of_range', field, detail: 'Give an instant from 1970 to 2200.' });
}

/** From when until when something is in force; 0 for no bound. Refuses instants before 1970 or after 2200, and an end that is not after the beginning. */
export function inForceFields({ validFromUs, validUntilUs }: { readonly validFromUs: bigint; readonly validUntilUs: bigint }, path: string): Result<InForce, CodedRefusal> {
  for (const [field, us] of [['validFromUs', validFromUs], ['validUntilUs', validUntilUs]] as const) {
    if (us < 0n || us > INSTANT_MAX_US) return refuse({ code: 'field_out_of_range', field: `${path}${field}`, detail: 'Give an instant from 1970 to 2200, or none.' });
  }
  if (validUntilUs !== 0n && validUntilUs <= validFromUs) {
    return refuse({ code: 'field_out_of_range', field: `${path}validUntilUs`, detail: 'Give an end after the beginning, or none.' });
  }
  return ok({ validFrom: validFromUs === 0n ? null : instantUsOf(validFromUs), validUntil: validUntilUs === 0n ? null : instantUsOf(validUntilUs) });
}

const carriersMax = 100;
const carrierCodeMax = 255;

/** The retail plans of a composition, each once: by links, or by ids alone. Refuses a plan that is linked twice. */
export function retailLinkFields({ retailLinks, retailPlanIds }: Pick<ComposeVoipPlanRequest, 'retailLinks' | 'retailPlanIds'>): Result<readonly RetailLink[], CodedRefusal> {
  if (retailLinks.length === 0) return ok(distinctIds(retailPlanIds).map((retailPlanId) => ({ retailPlanId, metric: 0, validFrom: null, validUntil: null })));
  if (retailPlanIds.length > 0) return refuse({ code: 'field_malformed', field: 'retailPlanIds', detail: 'Give retailPlanIds or retailLinks, not both.' });
  const links: RetailLink[] = [];
  for (const [at, { retailPlanId, metric, carrierCodes, ...link }] of retailLinks.entries()) {
    const inForce = inForceFields(link, `retailLinks[${at}].`);
    if (!inForce.ok) return inForce;
    if (links.some((other) => other.retailPlanId === retailPlanId)) {
      return refuse({ code: 'field_malformed', field: `retailLinks[${at}].retailPlanId`, detail: `Link retail plan ${retailPlanId} once.` });
    }
    if (carrierCodes.length > carriersMax || carrierCodes.some((code) => code.trim() === '' || code.length > carrierCodeMax)) {
      return refuse({ code: 'field_malformed', field: `retailLinks[${at}].carrierCodes`, detail: `Name at most ${carriersMax} carriers by their codes.` });
    }
    links.push({ retailPlanId, metric, ...inForce.value, ...(carrierCodes.length === 0 ? {} : { carrierCodes: [...new Set(carrierCodes)] }) });
  }
  return ok(links);
}
