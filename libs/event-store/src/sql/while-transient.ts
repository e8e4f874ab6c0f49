import { isTransient } from './transient.ts';

/**
 * Does work, and does it anew where it failed for a reason that passes, as when another writer was first: `attemptsMax` times at
 * most. Rejects with the last failure. The work begins from nothing each time, in a transaction of its own.
 */
export async function whileTransient<T>(attemptsMax: number, work: () => Promise<T>): Promise<T> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await work();
    } catch (error) {
      if (!isTransient(error) || attempt === attemptsMax) throw error;
    }
  }
}
