import { ok, refuse } from '@tollwire/core';
import type { Refusal, Result } from '@tollwire/core';
import { ChargeNumbers } from './charge-numbers.ts';
import { PrefixIndexBuilder } from './prefix-index.ts';
import type { RateProfile } from './price/rate-profile.ts';
import { profileKey } from './price/rate-profile.ts';
import { plainSteps } from './price/schedule.ts';
import { UTC, zoneOf } from './price/zone.ts';
import type { Zone } from './price/zone.ts';
import { RateTable } from './rate-table.ts';
import type { SharedTerms } from './rate-table.ts';
import { ValiditiesBuilder } from './validities.ts';

/** Rates in columns of equal length, sorted by prefix and then by `validFromUs`: the shape of a published deck chunk. */
export interface RateColumns {
  readonly prefix: readonly string[];
  readonly ratePerMinNanos: readonly bigint[];
  readonly connectFeeNanos: readonly bigint[];
  readonly initialIncrementSec: readonly number[];
  readonly incrementSec: readonly number[];
  /** Inclusive. */
  readonly validFromUs: readonly bigint[];
  /** Exclusive; 0: open end. */
  readonly validUntilUs: readonly bigint[];
  readonly blocked: readonly boolean[];
  /** What the prefix is in the number plan, 1 to 2³¹-1, 0: unknown; empty where nothing is known of any. */
  readonly countryPrefixId: readonly number[];
  /** What rates of this chunk say beyond an amount per minute. */
  readonly profiles: readonly RateProfile[];
  /** Of each rate the profile, counted from 1, 0: none; empty where none has one. */
  readonly profile: readonly number[];
  /** The IANA zone whose clocks the windows go by, the same in all chunks; empty: UTC. */
  readonly timeZone: string;
}

export type DeckRefusal = Refusal & { readonly code: 'deck_malformed'; readonly row: number; readonly reason: string };

/** Compiles a deck from its chunks, in their order. */
export class RateTableBuilder {
  readonly #index: PrefixIndexBuilder;
  readonly #validities = new ValiditiesBuilder();
  readonly #shared: SharedTerms[] = [];
  readonly #sharedNumbers = new ChargeNumbers();
  /** Profiles of all chunks, each content once, by its key. */
  readonly #profiles = new Map<string, KnownProfile>();
  readonly #capacity: number;
  #zone: Zone = UTC;
  #last = '';
  #lastFromUs = 0;

  /** @param rateCount how many rates will come; more are refused. */
  constructor(rateCount: number) {
    this.#capacity = rateCount;
    this.#index = new PrefixIndexBuilder(rateCount);
  }

  /** Takes the next chunk. Refuses content that no deck has: unequal columns, disorder, negative or absurd amounts. */
  add(chunk: RateColumns): Result<number, DeckRefusal> {
    const columns = [chunk.ratePerMinNanos, chunk.connectFeeNanos, chunk.initialIncrementSec, chunk.incrementSec];
    const dates = [chunk.validFromUs, chunk.validUntilUs, chunk.blocked];
    if ([...columns, ...dates].some(({ length }) => length !== chunk.prefix.length)) return this.#malformed('columns of unequal length');
    if (![0, chunk.prefix.length].includes(chunk.countryPrefixId.length)) return this.#malformed('columns of unequal length');
    if (chunk.profile.length > 0 && chunk.profile.length !== chunk.prefix.length) return this.#malformed('columns of unequal length');
    const zone = zoneOf(chunk.timeZone);
    if (!zone.ok) return this.#malformed(`the time zone "${zone.refusal.zone}" is unknown`);
    this.#zone = zone.value;
    const profiles = chunk.profiles.map((profile) => this.#known(profile));
    for (let row = 0; row < chunk.prefix.length; row += 1) {
      const fault = this.#addRow(chunk, row, profiles);
      if (fault !== undefined) return this.#malformed(fault);
    }
    return ok(this.#index.size);
  }

  /** The table over all that was added; the builder is spent. */
  build(): RateTable {
    return new RateTable({ index: this.#index.build(), validities: this.#validities.build() }, this.#shared, this.#zone);
  }

  #malformed(reason: string): { ok: false; refusal: DeckRefusal } {
    return refuse({ code: 'deck_malformed', row: this.#index.size, reason });
  }

  #known(profile: RateProfile): KnownProfile {
    const key = profileKey(profile);
    const known = this.#profiles.get(key) ?? { id: this.#profiles.size + 1, profile };
    this.#profiles.set(key, known);
    return known;
  }

  #addRow(chunk: RateColumns, row: number, profiles: readonly KnownProfile[]): string | undefined {
    const prefix = chunk.prefix[row] ?? '';
    const rate = Number(chunk.ratePerMinNanos[row] ?? -1n);
    const fee = Number(chunk.connectFeeNanos[row] ?? -1n);
    const fromUs = Number(chunk.validFromUs[row] ?? 0n);
    const untilUs = Number(chunk.validUntilUs[row] ?? 0n);
    if (this.#index.size === this.#capacity) return 'more rates than announced';
    if (!this.#index.fits(prefix)) return `prefix "${prefix.slice(0, 20)}" is malformed or out of order`;
    if (prefix === this.#last && fromUs < this.#lastFromUs) return `rates of prefix ${prefix} are out of order`;
    if (!inRange(rate) || !inRange(fee)) return `an amount of prefix ${prefix} is negative or beyond 9,007,199 units`;
    if ((chunk.initialIncrementSec[row] ?? 0) > INCREMENT_SEC_MAX || (chunk.incrementSec[row] ?? 0) > INCREMENT_SEC_MAX) {
      return `an increment of prefix ${prefix} is longer than ${INCREMENT_SEC_MAX} s`;
    }
    if ((chunk.countryPrefixId[row] ?? 0) > COUNTRY_PREFIX_ID_MAX) return `the country prefix of prefix ${prefix} is no row of the number plan`;
    const named = chunk.profile[row] ?? 0;
    const profile = profiles[named - 1];
    if (named > 0 && profile === undefined) return `prefix ${prefix} names a profile that its chunk does not have`;
    // An increment that was left out is proto3's 0: charged by the second.
    const incrementSec = Math.max(1, chunk.incrementSec[row] ?? 0);
    const own = { connectFeeNanos: fee, initialIncrementSec: chunk.initialIncrementSec[row] ?? 0, incrementSec, blocked: chunk.blocked[row] ?? false };
    const validity = this.#validities.numberOf(fromUs, untilUs === 0 ? Infinity : untilUs);
    this.#index.add(prefix, { amount: rate, words: [this.#share(own, profile), validity, chunk.countryPrefixId[row] ?? 0] });
    this.#last = prefix;
    this.#lastFromUs = fromUs;
    return undefined;
  }

  #share(own: OwnTerms, profile: KnownProfile | undefined): number {
    const number = this.#sharedNumbers.numberOf(own, 2 * (profile?.id ?? 0) + (own.blocked ? 1 : 0));
    if (number === this.#shared.length) this.#shared.push(sharedOf(own, profile?.profile));
    return number;
  }
}

/** What a rate has in common with others, apart from its profile. */
type OwnTerms = Pick<SharedTerms, 'connectFeeNanos' | 'initialIncrementSec' | 'incrementSec' | 'blocked'>;

/** A profile with its number among those of the table, from 1. */
interface KnownProfile {
  readonly id: number;
  readonly profile: RateProfile;
}

function sharedOf(own: OwnTerms, profile: RateProfile | undefined): SharedTerms {
  const furtherFromSec = profile?.furtherSteps[0]?.fromSec ?? Infinity;
  const [first, second] = plainSteps({ ...own, ratePerMinNanos: 0n }).filter(({ fromSec }) => fromSec < furtherFromSec);
  const fee = own.connectFeeNanos === 0 ? {} : { connectFeeNanos: BigInt(own.connectFeeNanos) };
  const charges = { ...fee, ...profile?.terms };
  return {
    ...own,
    hasProfile: profile !== undefined,
    window: profile?.window,
    windowName: profile?.window?.name ?? '',
    furtherSteps: profile?.furtherSteps ?? [],
    firstIncrementSec: first?.incrementSec ?? 0,
    secondFromSec: second?.fromSec ?? 0,
    ownCharges: Object.keys(charges).length === 0 ? undefined : charges,
  };
}

/** Thirty years; billed seconds stay within 32 bits. */
const INCREMENT_SEC_MAX = 1_000_000_000;
/** An integer of the database. */
const COUNTRY_PREFIX_ID_MAX = 2 ** 31 - 1;

function inRange(amount: number): boolean {
  return amount >= 0 && amount <= Number.MAX_SAFE_INTEGER;
}
