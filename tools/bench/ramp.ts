/** A rate that was tried, and whether it was borne. */
export interface Tried {
  readonly rate: number;
  readonly borne: boolean;
}

const triesMax = 8;
const step = 1.3;
/** Close enough between a rate that was borne and one that was not. */
const resolution = 1.1;

/**
 * The rate to try next when looking for the highest that is borne: up or down in steps until there is one of each,
 * then between them. Undefined when that is known well enough.
 */
export function nextRate(startRate: number, tried: readonly Tried[]): number | undefined {
  if (tried.length >= triesMax) return undefined;
  const borne = highestBorne(tried);
  const failed = Math.min(...tried.filter((each) => !each.borne).map(({ rate }) => rate));
  if (tried.length === 0) return startRate;
  if (borne === 0) return Math.max(1, Math.round(failed / step / step));
  if (failed === Infinity) return Math.round(borne * step);
  return failed / borne <= resolution ? undefined : Math.round(Math.sqrt(failed * borne));
}

/** The highest rate that was borne below any that was not; 0 for none. */
export function highestBorne(tried: readonly Tried[]): number {
  const failed = Math.min(...tried.filter((each) => !each.borne).map(({ rate }) => rate));
  return Math.max(0, ...tried.filter(({ rate, borne }) => borne && rate < failed).map(({ rate }) => rate));
}
