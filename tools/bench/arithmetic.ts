/** What the requests of a run took, in milliseconds. */
export interface Latencies {
  readonly count: number;
  readonly p50Ms: number;
  readonly p90Ms: number;
  readonly p99Ms: number;
  readonly maxMs: number;
}

/**
 * The value that `share` of all values do not exceed: the nearest rank, so always a value that was measured.
 * `sorted` ascends; `share` is in (0, 1]. NaN of nothing.
 */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.max(rank, 1) - 1] ?? Number.NaN;
}

/** The distribution of latencies in any order. */
export function latenciesOf(ms: ArrayLike<number>): Latencies {
  const sorted = Float64Array.from(ms).sort();
  const at = (share: number) => rounded(percentile(sorted, share), 2);
  return { count: sorted.length, p50Ms: at(0.5), p90Ms: at(0.9), p99Ms: at(0.99), maxMs: at(1) };
}

/** How often `count` happened in a second; 0 where no time passed. */
export function perSec(count: number, ms: number): number {
  return ms > 0 ? Math.round((count / ms) * 1000) : 0;
}

/** `part` of `whole`, to three decimals; 0 of nothing. */
export function ratio(part: number, whole: number): number {
  return whole > 0 ? rounded(part / whole, 3) : 0;
}

export function rounded(value: number, decimals: number): number {
  const scale = 10 ** decimals;
  return Math.round(value * scale) / scale;
}
