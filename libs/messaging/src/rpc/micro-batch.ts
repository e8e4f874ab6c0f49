import { assert } from '@tollwire/core';

export interface MicroBatchOptions {
  /** Items in one run at most. */
  readonly itemsMax: number;
  /** Runs under way at a time. Default 1. */
  readonly concurrency?: number;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Collects items that arrive while a run is under way and runs them together next; an item that finds nothing under way
 * runs at once, with those of the same turn. `run` answers in the order of its items; what it throws goes to each of them.
 */
export function microBatch<Item, Answer>(
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { itemsMax, concurrency = 1 }: MicroBatchOptions,
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let running = 0;

  function start(): void {
    while (waiting.length > 0 && running < concurrency) {
      const batch = waiting.slice(0, itemsMax);
      waiting = waiting.slice(itemsMax);
      running += 1;
      void settle(batch, run).finally(() => {
        running -= 1;
        start();
      });
    }
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      // Messages that came in one read of the socket are all handed over before microtasks run.
      if (waiting.length === 1 && running < concurrency) queueMicrotask(start);
    });
}

async function settle<Item, Answer>(
  batch: readonly Waiting<Item, Answer>[],
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
): Promise<void> {
  try {
    const answers = await run(batch.map(({ item }) => item));
    assert(answers.length === batch.length, `a run over ${batch.length} items answers ${batch.length} times`);
    for (const [at, answer] of answers.entries()) batch[at]?.resolve(answer);
  } catch (error) {
    for (const { reject } of batch) reject(error);
  }
}
