import { callKey, type CodedRefusal, type Reveal } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { maskedNumber } from '@tollwire/telecom';
import { type CallReadRow, type CallReply, repliesOf } from '../api/call-reply.ts';
import type { CdrDeps } from '../cdr.deps.ts';
import { opened } from './sealed-calls.ts';

/** Who wants numbers whole, and why; null: nobody does, so they are masked. */
export type Revealed = Pick<Reveal, 'by' | 'reason' | 'once'> | null;

/** Above so many characters a reason is no reason. */
const reasonLengthMax = 255;

/** Refuses to show numbers to somebody who does not say who they are and why they ask. */
export function revealedTo(reveal: Reveal | undefined): Result<Revealed, CodedRefusal> {
  if (reveal === undefined) return ok(null);
  for (const field of ['by', 'reason'] as const) {
    const text = reveal[field].trim();
    if (text === '') return refuse({ code: 'field_missing', field: `reveal.${field}` });
    if (text.length > reasonLengthMax || text.includes('\0')) return refuse({ code: 'field_malformed', field: `reveal.${field}` });
  }
  return ok({ by: reveal.by, reason: reveal.reason, once: reveal.once });
}

/** A call as those may see it who have no right to its numbers. */
export function maskedReply(call: CallReply): CallReply {
  const { cli = '', calledNumber = '', calledE164 = '' } = call;
  return { ...call, cli: maskedNumber(cli), calledNumber: maskedNumber(calledNumber), calledE164: maskedNumber(calledE164) };
}

/** What was asked for, in which the calls were found. */
export type Asked = { readonly what: 'call' } | { readonly what: 'search'; readonly question: object; readonly isFirstPage: boolean };

const recordSql = 'INSERT INTO unmasking (at_us, shown_to, reason, what, question, calls) VALUES ($1, $2, $3, $4, $5::jsonb, $6::text[])';

type Recording = Pick<CdrDeps, 'database' | 'clock'>;

/** Records to whom numbers of which calls were shown, and why. */
async function recordShown({ database, clock }: Recording, { by, reason }: NonNullable<Revealed>, asked: Asked, callKeys: readonly string[]): Promise<void> {
  const question = asked.what === 'search' ? JSON.stringify(asked.question) : null;
  await database.query(recordSql, [clock.nowUs(), by, reason, asked.what, question, callKeys]);
}

const recordWorkSql = `
  INSERT INTO unmasking (at_us, shown_to, reason, what, question, calls) SELECT $1, $2, $3, 'search', $4::jsonb, '{}'
  WHERE NOT EXISTS (SELECT 1 FROM unmasking WHERE shown_to = $2 AND reason = $3 AND question = $4::jsonb AND calls = '{}' AND at_us > $5)`;

/** How long the record of a piece of work stands for its further pages. */
const workUs = 86_400_000_000;

/**
 * Records work over many pages, of which no page names its calls: with its first page, and with any other that nobody of that name is recorded to have
 * begun within a day with that question and reason. A cursor is but a place, which anybody can write down: it proves no page before it.
 */
export async function recordWork({ database, clock }: Recording, { by, reason }: NonNullable<Revealed>, question: object, isFirstPage: boolean): Promise<void> {
  const nowUs = clock.nowUs();
  await database.query(recordWorkSql, [nowUs, by, reason, JSON.stringify(question), isFirstPage ? nowUs : nowUs - workUs]);
}

/**
 * Calls as they are answered: masked, or whole after it is recorded to whom and why. Nothing that was not found is recorded; work over many pages, which
 * shows nobody a number, is recorded with what was asked.
 */
export async function shownTo(deps: Pick<CdrDeps, 'database' | 'clock' | 'numbers'>, revealed: Revealed, asked: Asked, rows: readonly CallReadRow[]): Promise<CallReply[]> {
  const { database, numbers } = deps;
  // A mask shows what is not sealed, so it takes no key.
  if (revealed === null) return (await repliesOf(database, rows)).map(maskedReply);
  const calls = await repliesOf(database, await opened(database, numbers, rows));
  if (calls.length === 0) return calls;
  if (revealed.once && asked.what === 'search') await recordWork(deps, revealed, asked.question, asked.isFirstPage);
  else await recordShown(deps, revealed, asked, calls.map(({ call }) => callKey({ switchId: '', callId: '', leg: 0, ...call })));
  return calls;
}
