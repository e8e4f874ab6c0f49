import { setImmediate } from 'node:timers/promises';

/** Other requests wait for one slice at most, which is twice this where the work pauses often enough. */
const SLICE_MS = 8;

/** Runs work that pauses to its result, and lets other requests in whenever it has run for so long. */
export async function inSlices<T>(work: Generator<void, T>, sliceMs = SLICE_MS): Promise<T> {
  for (let since = performance.now(); ; ) {
    const step = work.next();
    if (step.done === true) return step.value;
    if (performance.now() - since < sliceMs) continue;
    await setImmediate();
    since = performance.now();
  }
}

/** The same pieces, with room for other requests after each. */
export async function* withPauses<T>(pieces: Iterable<T>): AsyncGenerator<T> {
  for (const piece of pieces) {
    yield piece;
    await setImmediate();
  }
}
