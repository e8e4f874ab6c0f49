/** So many positions are sorted, or walked, in one slice: some milliseconds of work. */
const SLICE = 8_192;

/**
 * The positions 0 to `size`, exclusive, in the order that `compare` says; equal ones stay as they were. A generator that
 * pauses between slices, because sorting a million positions takes about a second.
 */
export function* sortedPositions(size: number, compare: (a: number, b: number) => number): Generator<void, Uint32Array> {
  let order = Uint32Array.from({ length: size }, (_, at) => at);
  if (yield* isSorted(size, compare)) return order;
  for (let from = 0; from < size; from += SLICE) {
    order.subarray(from, from + SLICE).sort(compare);
    yield;
  }
  let merged = new Uint32Array(size);
  for (let run = SLICE; run < size; run *= 2) {
    for (let from = 0; from < size; from += 2 * run) yield* mergeRuns(order, merged, from, run, compare);
    [order, merged] = [merged, order];
  }
  return order;
}

/** Carriers' files come sorted more often than not, and looking is far cheaper than sorting. */
function* isSorted(size: number, compare: (a: number, b: number) => number): Generator<void, boolean> {
  for (let at = 1; at < size; at += 1) {
    if (compare(at - 1, at) > 0) return false;
    if (at % SLICE === 0) yield;
  }
  return true;
}

/** Writes two neighbouring runs of sorted positions, the first from `from`, as one. */
function* mergeRuns(order: Uint32Array, merged: Uint32Array, from: number, run: number, compare: (a: number, b: number) => number): Generator<void> {
  const middle = Math.min(from + run, order.length);
  const end = Math.min(middle + run, order.length);
  let left = from;
  let right = middle;
  for (let at = from; at < end; at += 1) {
    const takesLeft = left < middle && (right >= end || compare(order[left] ?? 0, order[right] ?? 0) <= 0);
    merged[at] = order[takesLeft ? left : right] ?? 0;
    if (takesLeft) left += 1;
    else right += 1;
    if (at % SLICE === 0) yield;
  }
}
