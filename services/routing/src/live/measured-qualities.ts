import type { Sql } from '@tollwire/event-store';
import type { MeasuredQuality } from '../domain/carrier-facts.ts';
import { qualityOf } from '../domain/carrier-quality.ts';
import type { Carrier } from '../domain/carriers.ts';
import { type CountedSince, sumMinutes } from '../projections/quality-table.ts';

export type Quality = ReturnType<typeof qualityOf>;

/** What was measured of carriers over the sliding window, as it was when it was last read. */
export class MeasuredQualities {
  readonly #sql: Sql;
  readonly #windowSec: number;
  #byCarrier: ReadonlyMap<string, ReadonlyMap<string, Quality>> = new Map();
  /** Another number after each reading. */
  version = 0;

  constructor(sql: Sql, windowSec: number) {
    this.#sql = sql;
    this.#windowSec = windowSec;
  }

  /** Reads the sums anew. A carrier whose lock has ended is measured by its attempts since. */
  async refresh(carriers: readonly Carrier[], nowUs: number): Promise<void> {
    const sinceUs = nowUs - this.#windowSec * 1_000_000;
    const sums = await sumMinutes(this.#sql, sinceUs, carriers.flatMap((carrier) => endedLocks(carrier, nowUs)));
    const grouped = Map.groupBy(sums, ({ carrierCode }) => carrierCode);
    this.#byCarrier = new Map([...grouped].map(([code, each]) => [code, new Map(each.map(({ destination, ...sum }) => [destination, qualityOf(sum)]))]));
    this.version += 1;
  }

  /** By destination, the whole of a carrier under the empty one. */
  of(carrierCode: string): ReadonlyMap<string, Quality> {
    return this.#byCarrier.get(carrierCode) ?? NONE;
  }

  /** Of a destination where there were attempts enough to say something, else of all; undefined where there were too few. */
  for(carrierCode: string, destination: string, attemptCountMin: number): MeasuredQuality | undefined {
    const measured = this.of(carrierCode);
    for (const each of [measured.get(destination), measured.get('')]) if (each !== undefined && each.attemptCount >= attemptCountMin) return each;
    return undefined;
  }
}

const NONE: ReadonlyMap<string, Quality> = new Map();

function endedLocks({ carrierCode, locks = [] }: Carrier, nowUs: number): CountedSince[] {
  return locks.filter(({ untilUs }) => untilUs <= nowUs).map(({ destination, untilUs }) => ({ carrierCode, destination, sinceUs: untilUs }));
}
