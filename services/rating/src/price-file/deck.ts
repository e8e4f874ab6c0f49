import { create, toBinary } from '@bufbuild/protobuf';
import { type DeckChunk, DeckChunkSchema, rateProfileMessageOf } from '@tollwire/contracts';
import { ANY_TIME, type ChargeTerms, profileKey, type RateProfile, type Step, type TimeWindow } from '@tollwire/telecom';
import { createHash } from 'node:crypto';
import type { StatedDeck } from './document.schema.ts';
import { usOfWritten } from './local-instant.ts';
import { chargeTermsOfStated, type StatedRate, type StatedWindow } from './rates.schema.ts';

/** Which of a deck's rates a call may see; undefined: all, each while it is valid. */
export interface RatesSeen {
  /** Only those that were valid at this instant, µs, as if they always were. */
  readonly asOfUs: number | undefined;
  /** Only those that were known at this instant, µs. */
  readonly knownAtUs: number | undefined;
}

/** The content of a deck as the catalog publishes it. */
export interface DeckContent {
  readonly chunk: DeckChunk;
  readonly digest: string;
}

/** One rate of a deck: a row of the chunk. An end of 0 is open. */
export interface DeckRow {
  readonly prefix: string;
  readonly ratePerMinNanos: bigint;
  readonly connectFeeNanos: bigint;
  readonly initialIncrementSec: number;
  readonly incrementSec: number;
  readonly validFromUs: number;
  readonly validUntilUs: number;
  readonly blocked: boolean;
  readonly profile: RateProfile | undefined;
}

/** What a column of a deck takes, in nanos. */
const COLUMN_NANOS_MAX = BigInt(Number.MAX_SAFE_INTEGER);

/** The rates of a plan or carrier as one chunk. `common`: terms of rates that state none. */
export function deckContentOf(deck: StatedDeck, common: Partial<ChargeTerms>, seen: RatesSeen): DeckContent {
  return contentOfRows(deckRowsOf(deck, common, seen), deck.timeZone);
}

/** Rates, in the order that a published deck has, as one chunk whose windows go by the clocks of a zone. */
export function contentOfRows(rows: readonly DeckRow[], timeZone: string): DeckContent {
  const chunk = chunkOf(rows, timeZone);
  return { chunk, digest: createHash('sha256').update(toBinary(DeckChunkSchema, chunk)).digest('hex') };
}

/** The rates of a plan or carrier that are seen, in the order that a published deck has. `common`: terms of rates that state none. */
export function deckRowsOf({ timeZone, rates }: StatedDeck, common: Partial<ChargeTerms>, seen: RatesSeen): DeckRow[] {
  const rows = rates.filter((rate) => isKnown(rate, timeZone, seen.knownAtUs)).flatMap((rate) => rowsOf(rate, timeZone, common));
  // Of rates that nothing else tells apart the last row of a deck counts, and the first one of a document.
  const ordered = rows.reverse().sort(inDeckOrder);
  return seen.asOfUs === undefined ? ordered : standing(ordered, seen.asOfUs);
}

function isKnown({ knownFrom }: StatedRate, timeZone: string, atUs: number | undefined): boolean {
  return knownFrom === undefined || atUs === undefined || usOfWritten(knownFrom, timeZone) <= atUs;
}

/** The rates that were valid at an instant, for calls of any time; in deck order still, so that the one that became valid last counts. */
export function standing(rows: readonly DeckRow[], atUs: number): DeckRow[] {
  const valid = rows.filter(({ validFromUs, validUntilUs }) => validFromUs <= atUs && (validUntilUs === 0 || atUs < validUntilUs));
  return valid.map((row) => ({ ...row, validFromUs: 0, validUntilUs: 0 }));
}

function inDeckOrder(one: DeckRow, other: DeckRow): number {
  const [left, right] = [one.prefix.padEnd(15, '0'), other.prefix.padEnd(15, '0')];
  if (left !== right) return left < right ? -1 : 1;
  return one.prefix.length - other.prefix.length || one.validFromUs - other.validFromUs;
}

function rowsOf(rate: StatedRate, timeZone: string, common: Partial<ChargeTerms>): DeckRow[] {
  const { rate: _, per: __, ...stated } = rate;
  const terms = { ...common, ...chargeTermsOfStated(stated) };
  const { connectFeeNanos = 0n, ...further } = terms;
  // A column says nothing by a fee of 0, so that a rate which says 0 says it in its profile.
  const inColumn = connectFeeNanos > 0n && connectFeeNanos <= COLUMN_NANOS_MAX;
  const { columns, furtherSteps } = columnsOfSteps(stepsOf(rate));
  const validity = {
    validFromUs: rate.validFrom === undefined ? 0 : usOfWritten(rate.validFrom, timeZone),
    validUntilUs: rate.validUntil === undefined ? 0 : usOfWritten(rate.validUntil, timeZone),
  };
  return windowsOf(rate).flatMap((window) => {
    const profile = { window, furtherSteps, terms: inColumn ? further : terms };
    const isPlain = window === undefined && furtherSteps.length === 0 && Object.keys(profile.terms).length === 0;
    const shared = { ...columns, ...validity, connectFeeNanos: inColumn ? connectFeeNanos : 0n, blocked: rate.blocked, profile: isPlain ? undefined : profile };
    return rate.prefix.map((prefix) => ({ prefix, ...shared }));
  });
}

/** The steps of a rate: its own, or a first block and what follows it. */
function stepsOf({ rate, ratePerMin, rateCents, per = 60, increments, initialIncrement = 0, increment = 1, steps }: StatedRate): Step[] {
  if (steps !== undefined) {
    return steps.map((step) => ({ fromSec: step.from, rateNanos: step.rate, perSec: step.per, incrementSec: step.increment, entryFeeNanos: step.entryFee ?? 0n }));
  }
  const { initialSec, nextSec } = increments ?? { initialSec: initialIncrement, nextSec: increment };
  const step = (fromSec: number, incrementSec: number): Step => ({ fromSec, rateNanos: rate ?? ratePerMin ?? rateCents ?? 0n, perSec: per, incrementSec, entryFeeNanos: 0n });
  return initialSec === 0 || initialSec === nextSec ? [step(0, nextSec)] : [step(0, initialSec), step(initialSec, nextSec)];
}

export type StepColumns = Pick<DeckRow, 'ratePerMinNanos' | 'initialIncrementSec' | 'incrementSec'>;

/** What the columns of a deck can say of steps, and the steps that they cannot say. */
export function columnsOfSteps(steps: readonly Step[]): { readonly columns: StepColumns; readonly furtherSteps: readonly Step[] } {
  const [first, second, ...rest] = steps;
  const rateNanos = first?.rateNanos ?? 0n;
  const perSec = BigInt(first?.perSec ?? 60);
  const perMin = (rateNanos * 60n) / perSec;
  const ratePerMinNanos = perMin > COLUMN_NANOS_MAX ? COLUMN_NANOS_MAX : perMin;
  const incrementSec = first?.incrementSec ?? 1;
  const isExact = ratePerMinNanos * perSec === rateNanos * 60n && first?.entryFeeNanos === 0n;
  if (!isExact) return { columns: { ratePerMinNanos, initialIncrementSec: 0, incrementSec }, furtherSteps: steps };
  const goesOn = second !== undefined && rest.length === 0 && second.fromSec === incrementSec && second.rateNanos === rateNanos
    && BigInt(second.perSec) === perSec && second.entryFeeNanos === 0n;
  if (goesOn) return { columns: { ratePerMinNanos, initialIncrementSec: incrementSec, incrementSec: second.incrementSec }, furtherSteps: [] };
  return { columns: { ratePerMinNanos, initialIncrementSec: 0, incrementSec }, furtherSteps: steps.slice(1) };
}

/** The windows of a rate: dates that stand by themselves are one each, so that no day between them is meant. */
function windowsOf({ window }: StatedRate): (TimeWindow | undefined)[] {
  if (window === undefined) return [undefined];
  return timeWindowsOf(window);
}

/** A window as it is stated, as the engine knows it: one for each of its dates. */
export function timeWindowsOf({ name, weekdays = [], monthDays = [], months = [], years = [], from: fromSec, until: untilSec, weight, dates }: StatedWindow): TimeWindow[] {
  const shared = { ...ANY_TIME, name, weekdays, monthDays, months, years, fromSec, untilSec, weight };
  return dates === undefined ? [shared] : dates.map(({ year, month, day }) => ({ ...shared, monthDays: [day], months: [month], years: [year] }));
}

function chunkOf(rows: readonly DeckRow[], timeZone: string): DeckChunk {
  const profiles: RateProfile[] = [];
  const numbers = new Map<string, number>();
  const numberOf = (profile: RateProfile | undefined): number => {
    if (profile === undefined) return 0;
    const key = profileKey(profile);
    const number = numbers.get(key) ?? profiles.push(profile);
    numbers.set(key, number);
    return number;
  };
  const numbered = rows.map(({ profile }) => numberOf(profile));
  return create(DeckChunkSchema, {
    prefix: rows.map(({ prefix }) => prefix),
    ratePerMinNanos: rows.map(({ ratePerMinNanos }) => ratePerMinNanos),
    connectFeeNanos: rows.map(({ connectFeeNanos }) => connectFeeNanos),
    initialIncrementSec: rows.map(({ initialIncrementSec }) => initialIncrementSec),
    incrementSec: rows.map(({ incrementSec }) => incrementSec),
    validFromUs: rows.map(({ validFromUs }) => BigInt(validFromUs)),
    validUntilUs: rows.map(({ validUntilUs }) => BigInt(validUntilUs)),
    blocked: rows.map(({ blocked }) => blocked),
    profiles: profiles.map(rateProfileMessageOf),
    profile: profiles.length === 0 ? [] : numbered,
    timeZone,
  });
}
