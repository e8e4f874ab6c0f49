import { setTimeout as delay } from 'node:timers/promises';

/** How long to go on asking, and how often. */
export interface UntilOptions {
  /** Gives up after this long, in milliseconds. Default 10,000. */
  readonly timeoutMs?: number;
  /** Pause between two questions, in milliseconds. Default 10. */
  readonly everyMs?: number;
}

type Falsy = false | 0 | '' | null | undefined;

/**
 * Asks until the answer is true (or any other truthy value, which is handed back). A condition that throws counts
 * as not yet true. Fails at the timeout with the condition's text and the last answer or error.
 */
export async function until<T>(
  condition: () => T | Promise<T>,
  { timeoutMs = 10_000, everyMs = 10 }: UntilOptions = {},
): Promise<Exclude<T, Falsy>> {
  const deadlineMs = performance.now() + timeoutMs;
  for (;;) {
    const last = await attempt(condition);
    if (last.met) return last.value;
    if (performance.now() >= deadlineMs) {
      throw new Error(`Not true within ${timeoutMs} ms: ${condition.toString()} (last: ${last.instead})`);
    }
    await delay(everyMs);
  }
}

type Attempt<T> = { met: true; value: Exclude<T, Falsy> } | { met: false; instead: string };

async function attempt<T>(condition: () => T | Promise<T>): Promise<Attempt<T>> {
  try {
    const value = await condition();
    return isTruthy(value) ? { met: true, value } : { met: false, instead: String(value) };
  } catch (error) {
    return { met: false, instead: String(error) };
  }
}

function isTruthy<T>(value: T): value is Exclude<T, Falsy> {
  return Boolean(value);
}
