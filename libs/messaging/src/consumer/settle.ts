import { EventRefused, type RefusalCode } from '@tollwire/contracts';

/** Why an event was not handled: a refusal code, or `failed` where handling threw something else. */
export interface Reason {
  readonly reason: RefusalCode | 'failed';
  readonly detail: string;
}

export interface Settling<Item> {
  readonly handle: (items: readonly Item[]) => Promise<void>;
  readonly park: (item: Item, reason: Reason) => Promise<void>;
  readonly isTransient: (error: unknown) => boolean;
  /** Told of each item that is done with: handled, or parked. */
  readonly onSettled: (item: Item) => void;
}

/** Thrown where the rest could not be settled now but may be later; nothing of the rest was parked. */
export class TransientFailure extends Error {
  override readonly name = 'TransientFailure';
}

/**
 * Handles all items, together where that goes. A failure that would come again is hunted by halves down to the item at
 * fault, which is parked, so that one poison event costs a few more transactions and never the flow behind it.
 * Throws TransientFailure where handling or parking fails for a reason that passes.
 */
export async function settle<Item>(items: readonly Item[], settling: Settling<Item>): Promise<void> {
  const [first] = items;
  if (first === undefined) return;
  const failure = await failureOf(() => settling.handle(items));
  if (failure === undefined) {
    for (const item of items) settling.onSettled(item);
    return;
  }
  if (settling.isTransient(failure.error)) throw new TransientFailure('Handling failed for now', { cause: failure.error });
  if (items.length > 1) {
    const middle = items.length >>> 1;
    await settle(items.slice(0, middle), settling);
    await settle(items.slice(middle), settling);
    return;
  }
  const parking = await failureOf(() => settling.park(first, reasonOf(failure.error)));
  // What cannot be parked is not given up, whatever kept it from being parked.
  if (parking !== undefined) throw new TransientFailure('Parking failed', { cause: parking.error });
  settling.onSettled(first);
}

/** What an error says in a dead letter. */
export function reasonOf(error: unknown): Reason {
  const detail = error instanceof Error ? error.message : String(error);
  return { reason: error instanceof EventRefused ? error.refusal.code : 'failed', detail };
}

async function failureOf(work: () => Promise<void>): Promise<{ error: unknown } | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    return { error };
  }
}
