import { present } from '@tollwire/core';
import { type EventMeta, type Sql, whileTransient } from '@tollwire/event-store';
import type { CatalogDeps } from '../catalog.deps.ts';

/** How often work is begun anew after another writer was first. */
const attemptsMax = 10;

const lockLinks = `SELECT pg_advisory_xact_lock(hashtextextended('links between plans', 0))`;

/**
 * Runs what makes links between plans, or takes a plan away that nothing may link to, one after the other for all instances,
 * in one transaction: so a plan is never deleted while another that names it is being composed.
 */
export async function underLinkLock<T>({ database, wakeRelay }: Pick<CatalogDeps, 'database' | 'wakeRelay'>, work: (tx: Sql) => Promise<T>): Promise<T> {
  const done = await whileTransient(attemptsMax, () => database.transaction(async (tx) => {
    await tx.query(lockLinks);
    return await work(tx);
  }, { byKey: true }));
  wakeRelay();
  return done;
}

/** Who carries out commands in a transaction of the caller. */
interface Handler<Command, Answer> {
  handleIn(tx: Sql, items: readonly { readonly id: string; readonly command: Command; readonly meta: EventMeta }[]): Promise<readonly Answer[]>;
}

/** Carries out one command upon a plan in the caller's transaction. */
export async function handleOneIn<Command, Answer>(handler: Handler<Command, Answer>, tx: Sql, planId: number, command: Command, meta: EventMeta): Promise<Answer> {
  const [answer] = await handler.handleIn(tx, [{ id: String(planId), command, meta }]);
  return present(answer, 'an answer for the command');
}
