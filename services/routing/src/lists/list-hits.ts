import { randomUUID } from 'node:crypto';
import { type ListHitsSchema, publicEventOf, publicEvents, type PublicEvent } from '@tollwire/contracts';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { InstantUs } from '@tollwire/core';
import type { Screened } from '../domain/screening.ts';

/** Entries in one event; of more, the rest waits for the next. */
const ENTRIES_MAX = 2_000;

interface Count {
  stoppedCount: number;
  passedCount: number;
  lastHitAtUs: InstantUs;
}

/**
 * How often calls met the entries of the lists since that was told last. What is being told keeps its id until it is
 * durable, so that telling it again after a commit that may have failed counts nothing twice.
 */
export class ListHits {
  #counts = new Map<string, Count>();
  #untold: PublicEvent | undefined;

  /** Counts a call that an entry stopped, or met and let through. */
  count(screened: Extract<Screened, { readonly list: 'whitelist' | 'blacklist' }>, atUs: InstantUs): void {
    const { list, entry: { prefix, country }, stops } = screened;
    const key = `${list} ${country ?? prefix}`;
    const count = this.#counts.get(key) ?? { stoppedCount: 0, passedCount: 0, lastHitAtUs: atUs };
    if (stops) count.stoppedCount += 1;
    else count.passedCount += 1;
    if (atUs > count.lastHitAtUs) count.lastHitAtUs = atUs;
    this.#counts.set(key, count);
  }

  /** Hands what was counted to `keep`, if there is anything; counted again until that has resolved once. */
  async tell(nowUs: InstantUs, keep: (event: PublicEvent) => Promise<void>): Promise<void> {
    this.#untold ??= this.#take(nowUs);
    if (this.#untold === undefined) return;
    await keep(this.#untold);
    this.#untold = undefined;
  }

  #take(nowUs: InstantUs): PublicEvent | undefined {
    const taken = [...this.#counts].slice(0, ENTRIES_MAX);
    if (taken.length === 0) return undefined;
    for (const [key] of taken) this.#counts.delete(key);
    const data = { hits: taken.map(hitsOf), untilUs: BigInt(nowUs) };
    return publicEventOf(publicEvents.NumbersScreened, { source: 'tollwire/routing', timeUs: nowUs, parts: [randomUUID()], data });
  }
}

function hitsOf([key, { lastHitAtUs, ...counts }]: readonly [string, Count]): MessageInitShape<typeof ListHitsSchema> {
  const [list = '', subject = ''] = key.split(' ');
  return { list, subject, ...counts, lastHitAtUs: BigInt(lastHitAtUs) };
}
