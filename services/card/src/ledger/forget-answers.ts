import { fromBinary, toBinary } from '@bufbuild/protobuf';
import { type Authorized, AuthorizeResultSchema, type PresentedCallerId } from '@tollwire/contracts';
import { pgArray, type Sql } from '@tollwire/event-store';
import type { Forgotten } from '@tollwire/platform';
import { maskedNumber, numberPattern } from '@tollwire/telecom';

/** Reservations that are looked at in one step. */
const reservationsAtOnce = 20_000;

interface AnswerRow {
  readonly call_key: string;
  readonly state: string;
  readonly answer: Buffer;
}

const selectOf = 'SELECT call_key, state, answer FROM reservation WHERE call_key = ANY($1::text[])';
const pageEnd = 'SELECT max(call_key) AS call_key FROM (SELECT call_key FROM reservation WHERE call_key > $1 ORDER BY call_key LIMIT $2) page';
const selectWith = `
  SELECT call_key, state, answer FROM reservation
  WHERE call_key > $1 AND call_key <= $2 AND position(convert_to($3, 'UTF8') IN answer) > 0`;
const updateAnswers = `
  UPDATE reservation r SET answer = m.answer FROM unnest($1::text[], $2::bytea[]) AS m (call_key, answer) WHERE r.call_key = m.call_key AND r.state <> 'open'`;
const waitsFor = 'calls that go on, whose switch may ask again';

/** Masks who was called, and who called, in the answers to authorizations of calls. The answer to a call that goes on is what its switch is told again, so it waits. */
export async function maskAnswersOf(sql: Sql, callKeys: readonly string[]): Promise<Forgotten> {
  return await masked(sql, await sql.query<AnswerRow>(selectOf, [pgArray('text', callKeys, (key) => key)]), () => true);
}

/** The same in the answers to calls of one number, page by page; of one who called, where a gateway was given the number whole. */
export async function maskAnswers(sql: Sql, digits: string, after: string): Promise<Forgotten> {
  const [end] = await sql.query<{ call_key: string | null }>(pageEnd, [after, reservationsAtOnce]);
  if (end === undefined || end.call_key === null) return { count: 0 };
  const rows = await sql.query<AnswerRow>(selectWith, [after, end.call_key, digits]);
  const done = await masked(sql, rows, (answer) => answer.calledE164 === digits || callerIdsOf(answer).some(({ number }) => number.endsWith(digits)));
  return done.waitsFor === undefined ? { ...done, next: end.call_key } : done;
}

async function masked(sql: Sql, rows: readonly AnswerRow[], isMeant: (answer: Authorized) => boolean): Promise<Forgotten> {
  const found = rows.flatMap(({ call_key: callKey, state, answer }) => {
    const result = fromBinary(AuthorizeResultSchema, answer);
    const { case: kind, value } = result.result;
    if (kind !== 'authorized' || value.calledE164.includes('*') || !isMeant(value)) return [];
    maskIn(value);
    return [{ callKey, isOpen: state === 'open', answer: Buffer.from(toBinary(AuthorizeResultSchema, result)) }];
  });
  const closed = found.filter(({ isOpen }) => !isOpen);
  if (closed.length > 0) await sql.query(updateAnswers, [closed.map(({ callKey }) => callKey), closed.map(({ answer }) => answer)]);
  return { count: closed.length, ...(closed.length < found.length ? { waitsFor } : {}) };
}

/** What carriers get to see of who called, where that is by a rule of their gateways. */
export function callerIdsOf({ carriers }: Pick<Authorized, 'carriers'>): PresentedCallerId[] {
  return carriers.flatMap((carrier) => [carrier, ...carrier.furtherGateways]).flatMap(({ callerId }) => callerId ?? []);
}

function maskIn(answer: Authorized): void {
  const pattern = new RegExp(numberPattern(answer.calledE164), 'g');
  const inText = (text: string) => text.replaceAll(pattern, maskedNumber);
  for (const carrier of answer.carriers) {
    carrier.number = maskedNumber(carrier.number);
    carrier.reason = inText(carrier.reason);
    for (const gateway of carrier.furtherGateways) gateway.number = maskedNumber(gateway.number);
  }
  for (const callerId of callerIdsOf(answer)) callerId.number = maskedNumber(callerId.number);
  for (const carrier of answer.excluded) carrier.reason = inText(carrier.reason);
  if (answer.notice !== undefined) answer.notice.prefix = inText(answer.notice.prefix);
  answer.calledE164 = maskedNumber(answer.calledE164);
}
