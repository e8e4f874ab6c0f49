/** A call met an entry of a list. */
export interface ListHit {
  /** The entry: a prefix or a country. */
  readonly subject: string;
  readonly atUs: bigint;
}

/** Of hits in any order those that are told, with when it was told last: one, and no other for so long. */
export function hitsToTell<Hit extends ListHit>(hits: readonly Hit[], lastToldUs: bigint, throttleSec: number): { told: Hit[]; lastToldUs: bigint } {
  const told: Hit[] = [];
  let last = lastToldUs;
  for (const hit of hits.toSorted((one, other) => Number(one.atUs - other.atUs))) {
    if (last !== 0n && hit.atUs < last + BigInt(throttleSec) * 1_000_000n) continue;
    told.push(hit);
    last = hit.atUs;
  }
  return { told, lastToldUs: last };
}
