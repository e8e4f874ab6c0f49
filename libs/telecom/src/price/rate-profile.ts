import type { ChargeTerms, Step } from './schedule.ts';
import type { TimeWindow } from './time-window.ts';

/**
 * What a rate says beyond an amount per minute with its increments. Many rates of a deck share one, and a plain rate has
 * none.
 */
export interface RateProfile {
  /** When the rate counts; undefined: at any time. Rates of one prefix that differ in it stand side by side. */
  readonly window: TimeWindow | undefined;
  /**
   * The steps after the rate's own, in rising order; empty: the rate goes on. One that begins at 0 stands for the rate's own,
   * where that is no whole number of nanos a minute or has a fee on entering.
   */
  readonly furtherSteps: readonly Step[];
  /** What the rate charges differently from its plan. */
  readonly terms: Partial<ChargeTerms>;
}

/** Names the content of a profile: two profiles are the same if and only if their keys are. */
export function profileKey({ window, furtherSteps, terms }: RateProfile): string {
  return `${textOf([window ?? null, furtherSteps])}${chargesKey(terms)}`;
}

/** Names the content of terms, whatever the order in which they are stated. */
export function chargesKey(terms: Partial<ChargeTerms>): string {
  return textOf(Object.entries(terms).filter(([, value]) => value !== undefined).sort(([one], [other]) => (one < other ? -1 : 1)));
}

function textOf(content: unknown): string {
  return JSON.stringify(content, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value));
}

/** A profile as one line of text, for keeping; `profileOfText` reads it. */
export function profileText(profile: RateProfile): string {
  return JSON.stringify(profile, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

/** The profile that `profileText` wrote: every amount, and nothing else that is text, is of a field whose name ends in nanos. */
export function profileOfText(text: string): RateProfile {
  const { window, ...profile } = JSON.parse(text, (key, value: unknown) => (typeof value === 'string' && /nanos$/i.test(key) ? BigInt(value) : value)) as RateProfile;
  // What is undefined was left out.
  return { window, ...profile };
}
