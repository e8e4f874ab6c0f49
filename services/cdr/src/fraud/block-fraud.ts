import type { CallControlService, CardLifeService, CodedRefusal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { Asker } from '@tollwire/messaging';
import type { CdrDeps } from '../cdr.deps.ts';
import { listEntryIdOf } from '../lists/list-projections.ts';

/** How payers are suspended; answered by card. */
export interface Blocks {
  readonly cards: Pick<Asker<typeof CardLifeService>, 'getCard' | 'suspendCards' | 'resumeCards'>;
  readonly accounts: Pick<Asker<typeof CallControlService>, 'showDialing' | 'suspendAccount' | 'resumeAccount'>;
}

/** What became of a block: `was_blocked` by somebody else, who alone ends it. */
type Outcome = 'blocked' | 'was_blocked' | 'free';

interface DueRow {
  readonly rule_id: number;
  readonly subject: string;
  readonly name: string;
  readonly by: string;
  readonly status: string;
  readonly revision: number;
  readonly state: string | null;
}

// The row of the case is locked while card is asked, so that no older wish of another instance comes after a newer one.
const dueSql = `
  SELECT c.rule_id, c.subject, c.rule->>'name' AS name, c.rule->>'by' AS by, c.status, c.revision, b.state
  FROM fraud_case c LEFT JOIN fraud_block b USING (rule_id, subject)
  WHERE c.rule->>'action' = 'block' AND (b.revision IS NULL OR b.revision < c.revision OR (b.state = 'failed' AND b.done_at < now() - interval '10 seconds'))
  ORDER BY c.rule_id, c.subject LIMIT 1 FOR UPDATE OF c SKIP LOCKED`;
const doneSql = `
  INSERT INTO fraud_block (rule_id, subject, revision, state, problem) VALUES ($1, $2, $3, $4, $5)
  ON CONFLICT (rule_id, subject) DO UPDATE SET revision = excluded.revision, state = excluded.state, problem = excluded.problem, done_at = now()`;

const AT_ONCE_MAX = 200;

type BlockDeps = Pick<CdrDeps, 'database' | 'clock' | 'fraud' | 'lists'>;

/** Carries out what cases want: blocks whom they suspect, frees whom somebody cleared. What fails is tried again ten seconds later. */
export async function blockFraud(deps: BlockDeps): Promise<void> {
  for (let done = 0; done < AT_ONCE_MAX; done += 1) {
    const isDone = await deps.database.transaction(async (tx) => {
      const [due] = await tx.query<DueRow>(dueSql);
      if (due === undefined) return false;
      const outcome = await carriedOut(deps, tx, due);
      const [state, problem] = outcome.ok ? [outcome.value, ''] : ['failed', `${outcome.refusal.code} ${outcome.refusal.detail ?? ''}`.trim()];
      await tx.query(doneSql, [due.rule_id, due.subject, due.revision, state, problem]);
      return true;
    });
    if (!isDone) return;
  }
}

// Rules that suspect the same payer or destination share one block; who is cleared by one rule is not freed from another's.
const lockSubject = 'SELECT pg_advisory_xact_lock(8311209, hashtext($1))';
const handOverSql = `
  UPDATE fraud_block b SET state = 'blocked' FROM (
    SELECT o.rule_id FROM fraud_block o JOIN fraud_case c USING (rule_id, subject)
    WHERE o.subject = $1 AND o.rule_id <> $2 AND o.state = 'was_blocked' AND c.status = 'suspected' AND c.rule->>'action' = 'block' ORDER BY o.rule_id LIMIT 1) next
  WHERE b.subject = $1 AND b.rule_id = next.rule_id RETURNING b.rule_id`;

async function carriedOut(deps: BlockDeps, tx: Sql, { rule_id: ruleId, name, by: kindOfSubject, subject, status, state }: DueRow): Promise<Result<Outcome, CodedRefusal>> {
  const isBlocking = status === 'suspected';
  // Whoever was blocked before the rule found anything stays so.
  if (!isBlocking && (state === 'was_blocked' || state === null)) return ok('free');
  await tx.query(lockSubject, [subject]);
  if (!isBlocking && state === 'blocked' && (await tx.query(handOverSql, [subject, ruleId])).length > 0) return ok('free');
  const by = `fraud: ${name}`;
  if (kindOfSubject === 'destination') return await onDestination(deps, tx, subject, by, isBlocking);
  const [kind, id] = [subject.slice(0, subject.indexOf(':')), subject.slice(subject.indexOf(':') + 1)];
  return kind === 'card' ? await onCard(deps.fraud.blocks, id, by, isBlocking) : await onAccount(deps.fraud.blocks, id, by, isBlocking);
}

async function onDestination({ lists, clock }: BlockDeps, tx: Sql, prefix: string, by: string, isBlocking: boolean): Promise<Result<Outcome, CodedRefusal>> {
  const subject = { kind: 'prefix', value: prefix } as const;
  const [entry] = await tx.query<{ listed: boolean }>(`SELECT listed FROM list_entry WHERE list = 'blacklist' AND subject = $1`, [prefix]);
  if (isBlocking && entry?.listed === true) return ok('was_blocked');
  const said = { by, at: clock.nowUs() };
  const command = isBlocking ? ({ type: 'List', list: 'blacklist', subject, prefixes: [prefix], reason: by, ...said } as const) : ({ type: 'Delist', ...said } as const);
  const done = await lists.handle(listEntryIdOf('blacklist', subject), command);
  return done.ok ? ok(isBlocking ? 'blocked' : 'free') : refuse(done.refusal);
}

async function onCard({ cards }: Blocks, cardId: string, by: string, isBlocking: boolean): Promise<Result<Outcome, CodedRefusal>> {
  const selection = { cardIds: [cardId], resellerId: 0, by };
  const card = isBlocking ? await cards.getCard({ cardId }) : undefined;
  if (card?.ok === false) return card;
  if (card?.value.status.startsWith('card_suspended') === true) return ok('was_blocked');
  const done = isBlocking ? await cards.suspendCards({ cards: selection, reason: 'other' }) : await cards.resumeCards(selection);
  if (!done.ok) return done;
  const refused = done.value.refused[cardId];
  return refused === undefined ? ok(isBlocking ? 'blocked' : 'free') : refuse({ code: 'conflict', detail: `card refused with ${refused}` });
}

async function onAccount({ accounts }: Blocks, accountCode: string, by: string, isBlocking: boolean): Promise<Result<Outcome, CodedRefusal>> {
  if (!isBlocking) {
    const resumed = await accounts.resumeAccount({ accountCode, by });
    return resumed.ok ? ok('free') : resumed;
  }
  const shown = await accounts.showDialing({ party: { party: { case: 'accountCode', value: accountCode } } });
  if (!shown.ok) return shown;
  if ((shown.value.rules?.suspendedAtUs ?? 0n) > 0n) return ok('was_blocked');
  const suspended = await accounts.suspendAccount({ accountCode, reason: by, by });
  return suspended.ok ? ok('blocked') : suspended;
}
