import { ok } from '@tollwire/core';
import type { Refusal, Result } from '@tollwire/core';
import type { Database, Sql } from '@tollwire/event-store';

/** Carries a refusal out of a transaction, so that what was written before it is undone. */
class Refused extends Error {
  override readonly name = 'Refused';
}

/** Runs work in a transaction that commits when the work succeeds, and is undone when it throws or is refused. */
export async function refusable<T, R extends Refusal>(
  database: Pick<Database, 'transaction'>,
  work: (tx: Sql) => Promise<Result<T, R>>,
): Promise<Result<T, R>> {
  let refused: Result<T, R> | undefined;
  try {
    const value = await database.transaction(async (tx) => {
      const result = await work(tx);
      if (result.ok) return result.value;
      refused = result;
      throw new Refused();
    }, { byKey: true });
    return ok(value);
  } catch (error) {
    if (error instanceof Refused && refused !== undefined) return refused;
    throw error;
  }
}
