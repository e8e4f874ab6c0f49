import { type Context, context } from '@opentelemetry/api';
import { assert } from '@tollwire/core';
import { sharedContext } from '../trace.ts';

export interface MicroBatchOptions {
  /** Items in one run at most. */
  readonly itemsMax: number;
  /** Runs under way at a time. Default 1. */
  readonly concurrency?: number;
  /**
   * The next run begins `min` milliseconds after the last at the earliest, however soon that ended: under load a run then has
   * enough items to be worth what it costs by itself. While one is under way the next begins half a usual run after it, within both
   * bounds: so two are under way as a rule, and one that hangs holds nobody up. Default 0 to 0: at once, where `concurrency` allows it.
   */
  readonly spacingMs?: { readonly min: number; readonly max: number };
  /** The clock of the spacing, in milliseconds; that of the process where nothing is said. */
  readonly nowMs?: () => number;
}

interface Waiting<Item, Answer> {
  readonly item: Item;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
  readonly from: Context;
}

/**
 * Collects items that arrive while a run is under way and runs them together next; an item that finds nothing under way
 * runs at once, with those of the same turn, or when the spacing has passed. `run` answers in the order of its items; what it throws goes to each of them.
 * A run goes on in the trace of the first of its items that is traced, with links to those of the others.
 */
export function microBatch<Item, Answer>(
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
  { itemsMax, concurrency = 1, spacingMs = { min: 0, max: 0 }, nowMs = () => performance.now() }: MicroBatchOptions,
): (item: Item) => Promise<Answer> {
  let waiting: Waiting<Item, Answer>[] = [];
  let running = 0;
  let timer: NodeJS.Timeout | undefined;
  const pace = new Pace(spacingMs, nowMs);

  function start(): void {
    while (waiting.length > 0 && running < concurrency) {
      const restMs = waiting.length >= itemsMax ? 0 : pace.restMs(running > 0);
      if (restMs > 0) return startIn(restMs);
      begin(waiting.slice(0, itemsMax));
    }
    if (waiting.length > 0) return;
    clearTimeout(timer);
    timer = undefined;
  }

  function begin(batch: readonly Waiting<Item, Answer>[]): void {
    waiting = waiting.slice(batch.length);
    running += 1;
    const begunMs = pace.begin();
    void outcomeOf(batch, run).then((tell) => {
      running -= 1;
      pace.end(begunMs);
      // What waits is on its way before the answers are told: what is done with those takes its time.
      start();
      tell();
    });
  }

  function startIn(ms: number): void {
    timer ??= setTimeout(() => {
      timer = undefined;
      start();
    }, Math.ceil(ms));
  }

  return (item) =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject, from: context.active() });
      // Messages that came in one read of the socket are all handed over before microtasks run.
      if (running < concurrency && (waiting.length === 1 || waiting.length === itemsMax)) queueMicrotask(start);
    });
}

/** When the next run may begin: beside others, half the time that runs took lately after the last began. */
class Pace {
  readonly #spacingMs: { readonly min: number; readonly max: number };
  readonly #nowMs: () => number;
  #begunMs = Number.NEGATIVE_INFINITY;
  #usualMs = 0;

  constructor(spacingMs: { readonly min: number; readonly max: number }, nowMs: () => number) {
    this.#spacingMs = spacingMs;
    this.#nowMs = nowMs;
  }

  begin(): number {
    return (this.#begunMs = this.#nowMs());
  }

  end(begunMs: number): void {
    this.#usualMs += (this.#nowMs() - begunMs - this.#usualMs) / 8;
  }

  restMs(besideOthers: boolean): number {
    const { min, max } = this.#spacingMs;
    return this.#begunMs + (besideOthers ? Math.min(max, Math.max(min, this.#usualMs / 2)) : min) - this.#nowMs();
  }
}

/** Runs a batch, and resolves to what tells each of its items what became of it. */
async function outcomeOf<Item, Answer>(
  batch: readonly Waiting<Item, Answer>[],
  run: (items: readonly Item[]) => Promise<readonly Answer[]>,
): Promise<() => void> {
  try {
    const answers = await context.with(sharedContext(batch.map(({ from }) => from)), () => run(batch.map(({ item }) => item)));
    assert(answers.length === batch.length, `a run over ${batch.length} items answers ${batch.length} times`);
    return () => {
      for (const [at, answer] of answers.entries()) batch[at]?.resolve(answer);
    };
  } catch (error) {
    return () => {
      for (const { reject } of batch) reject(error);
    };
  }
}
