import { callKey, type CodedRefusal, type Reveal } from '@tollwire/contracts';
import { type InstantUs, ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { maskedNumber } from '@tollwire/telecom';
import type { CallReply } from '../api/call-reply.ts';

/** Who wants numbers whole, and why; null: nobody does, so they are masked. */
export type Revealed = Pick<Reveal, 'by' | 'reason'> | null;

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
  return ok({ by: reveal.by, reason: reveal.reason });
}

/** A call as those may see it who have no right to its numbers. */
export function maskedReply(call: CallReply): CallReply {
  const { cli = '', calledNumber = '', calledE164 = '' } = call;
  return { ...call, cli: maskedNumber(cli), calledNumber: maskedNumber(calledNumber), calledE164: maskedNumber(calledE164) };
}

/** What was asked for, in which the calls were found. */
export type Asked = { readonly what: 'call' } | { readonly what: 'search'; readonly question: object };

const recordSql = 'INSERT INTO unmasking (at_us, shown_to, reason, what, question, calls) VALUES ($1, $2, $3, $4, $5::jsonb, $6::text[])';

/** Calls as they are answered: masked, or whole after it is recorded to whom and why. Nothing that was not found is recorded. */
export async function shownTo(sql: Sql, revealed: Revealed, asked: Asked, atUs: InstantUs, calls: readonly CallReply[]): Promise<CallReply[]> {
  if (revealed === null) return calls.map(maskedReply);
  if (calls.length > 0) {
    const question = asked.what === 'search' ? JSON.stringify(asked.question) : null;
    await sql.query(recordSql, [atUs, revealed.by, revealed.reason, asked.what, question, calls.map(({ call }) => callKey({ switchId: '', callId: '', leg: 0, ...call }))]);
  }
  return [...calls];
}
