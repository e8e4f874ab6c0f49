import { assert, type InstantUs } from '@tollwire/core';
import { type Zone, zoneOf } from '@tollwire/telecom';
import { type Bucket, bucketsFor, type Draw, drawFrom, type Grant } from '../domain/allowance.ts';
import type { StatedAllowance } from './allowance.schema.ts';
import type { PriceDocument, StatedCall } from './document.schema.ts';
import { usOfWritten } from './local-instant.ts';

/** A call that may use free seconds of its payer. */
export interface UsingCall {
  readonly call: Pick<StatedCall, 'plan' | 'account' | 'card'>;
  /** The plan that it is charged by. */
  readonly plan: string;
  /** When it begins. */
  readonly at: InstantUs;
  readonly e164: string | undefined;
}

/** Seconds of an allowance that a call used, and what its period has left of them. */
export interface UsedFreeSeconds {
  readonly name: string;
  readonly sec: number;
  readonly leftSec: number;
}

/** The free seconds of a document, which its calls use up in their order: by the order and the periods of the rating service. */
export class FreeSeconds {
  readonly #grants: readonly (readonly [StatedAllowance, Grant])[];
  readonly #usedSec = new Map<string, number>();

  constructor({ allowances }: Pick<PriceDocument, 'allowances'>) {
    this.#grants = allowances.map((stated, at) => [stated, grantOf(stated, at)]);
  }

  /** What a call could use of them now, up to so many seconds. */
  offeredTo(using: UsingCall, sec: number): Draw[] {
    const grants = this.#grants.filter(([stated]) => isFor(stated, using)).map(([, grant]) => grant);
    return drawFrom(bucketsFor(grants, using.at, using.e164), (bucket) => this.#leftSec(using, bucket), sec);
  }

  /** Uses what was offered; nobody else has it then. */
  use(using: UsingCall, draws: readonly Draw[]): UsedFreeSeconds[] {
    return draws.map(({ bucket, sec }) => {
      const key = keyOf(using, bucket);
      this.#usedSec.set(key, (this.#usedSec.get(key) ?? 0) + sec);
      return { name: bucket.grant.name, sec, leftSec: this.#leftSec(using, bucket) };
    });
  }

  #leftSec(using: UsingCall, bucket: Bucket): number {
    return bucket.grant.secPerPeriod - (this.#usedSec.get(keyOf(using, bucket)) ?? 0);
  }
}

/** Each payer has seconds of its own; calls that name a plan alone are those of one payer. */
function keyOf({ call: { card, account, plan } }: UsingCall, { grant, period }: Bucket): string {
  return JSON.stringify([card === undefined ? 'account' : 'card', card ?? account ?? ['plan', plan], grant.number, period]);
}

function isFor({ plan, account, card }: StatedAllowance, { call, plan: paysBy }: UsingCall): boolean {
  if (plan !== undefined) return plan === paysBy;
  return account === undefined ? card === call.card : account === call.account;
}

const DAY_MS = 86_400_000;

function grantOf(stated: StatedAllowance, number: number): Grant {
  const { name, sec, period, timeZone, anchorDay: { year, month, day }, prefixes, weight, covers, validFrom, validUntil } = stated;
  return {
    grantId: name, number, name, secPerPeriod: sec, prefixes, weight, covers,
    periods: { unit: period, zone: knownZone(timeZone), anchorDay: Date.UTC(year, month - 1, day) / DAY_MS },
    validFromUs: validFrom === undefined ? 0 : usOfWritten(validFrom, timeZone),
    validUntilUs: validUntil === undefined ? Infinity : usOfWritten(validUntil, timeZone),
  };
}

function knownZone(name: string): Zone {
  const zone = zoneOf(name);
  assert(zone.ok, `the time zone ${name} was known when the document was read`);
  return zone.value;
}
