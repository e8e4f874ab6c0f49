/**
 * What `work` makes of items that come in batches, in their order. It has one lot at a time; what comes in meanwhile is
 * gathered for the next, up to `itemsMax` and no further, so that reading never waits for work, nor a reader who is slow for
 * a lot to be full. Where either fails, or nobody wants more, what is under way is waited for, and the source is closed.
 */
export async function* overlapped<T, R>(batches: AsyncIterable<readonly T[]>, itemsMax: number, work: (items: readonly T[]) => Promise<R>): AsyncGenerator<R> {
  const source = batches[Symbol.asyncIterator]();
  let held: T[] = [];
  let reading: Promise<Read<T>> | undefined;
  let working: Promise<{ readonly made: R }> | undefined;
  let isOver = false;
  try {
    for (;;) {
      if (working === undefined && held.length > 0) {
        working = work(held.slice(0, itemsMax)).then((made) => ({ made }));
        held = held.slice(itemsMax);
      }
      if (!isOver && held.length < itemsMax) reading ??= source.next().then(readOf);
      const underWay = [reading, working].filter((each) => each !== undefined);
      if (underWay.length === 0) return;
      const first = await Promise.race(underWay);
      if ('made' in first) {
        working = undefined;
        yield first.made;
      } else {
        reading = undefined;
        held = held.length === 0 ? [...first.items] : held.concat(first.items);
        isOver = first.isOver;
      }
    }
  } finally {
    await Promise.allSettled([working]);
    // A read that is under way ends when its sender goes on or goes away, and closes the source then; nobody waits for that.
    const closed = source.return?.();
    if (reading === undefined) await closed;
    else void Promise.allSettled([reading, closed]);
  }
}

interface Read<T> {
  readonly items: readonly T[];
  readonly isOver: boolean;
}

function readOf<T>(result: IteratorResult<readonly T[], unknown>): Read<T> {
  return result.done === true ? { items: [], isOver: true } : { items: result.value, isOver: false };
}
