import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, SearchCallsReplySchema, SearchCallsRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { pgArray } from '@tollwire/event-store';
import { maskedNumber, shownDigitsMax } from '@tollwire/telecom';
import type { CdrDeps } from '../cdr.deps.ts';
import { marksOf, soughtNumber } from '../numbers/number-index.ts';
import { dayOf } from '../numbers/number-keys.ts';
import { revealedTo, shownTo } from '../numbers/unmasking.ts';
import { type CallReadRow, selectColumns } from './call-reply.ts';

type Found = MessageInitShape<typeof SearchCallsReplySchema>;

const pageSizeMax = 1000;
const pageSizeUsual = 100;
/** Q.850 ends at 127; switches have codes of their own above. */
const causeMax = 999;

/** Where a page ended: the newest calls come first, and of one instant those that were stored last. */
export interface Place {
  readonly startedAtUs: bigint;
  readonly callid: bigint;
}

/**
 * One page of the calls that match every condition that is set, newest first. Pages are cut by place, not by count, so
 * that calls which come in meanwhile neither repeat nor hide others. Refuses a prefix that is no digits or more of them
 * than a masked number shows (by whose searches it would be told digit by digit), a text with a NUL, a page above 1,000
 * and a cursor that no page answered.
 */
export async function searchCalls(deps: Pick<CdrDeps, 'database' | 'clock' | 'numbers'>, request: SearchCallsRequest): Promise<Result<Found, CodedRefusal>> {
  const pageSize = request.pageSize || pageSizeUsual;
  if (pageSize > pageSizeMax) return refuse({ code: 'field_out_of_range', field: 'pageSize', facts: { max: `${pageSizeMax}` } });
  if (!/^\+?\d{0,15}$/.test(request.calledPrefix)) return refuse({ code: 'field_malformed', field: 'calledPrefix' });
  if (request.calledPrefix.replace('+', '').length > shownDigitsMax) {
    return refuse({ code: 'field_out_of_range', field: 'calledPrefix', facts: { digitsMax: `${shownDigitsMax}` } });
  }
  if ((request.q850Cause ?? 0) > causeMax) return refuse({ code: 'field_out_of_range', field: 'q850Cause', facts: { max: `${causeMax}` } });
  for (const field of ['callId', 'cardId', 'accountCode', 'switchId', 'carrierCode'] as const) {
    if (request[field].includes('\0')) return refuse({ code: 'field_malformed', field });
  }
  const place = request.cursor === '' ? undefined : placeOf(request.cursor);
  if (request.cursor !== '' && place === undefined) return refuse({ code: 'cursor_malformed', field: 'cursor' });
  const revealed = revealedTo(request.reveal);
  if (!revealed.ok) return revealed;
  const number = request.number === '' ? '' : soughtNumber(request.number);
  if (number === undefined) return refuse({ code: 'field_malformed', field: 'number' });
  // To whom one talked is asked for a reason, or not at all.
  if (number !== '' && revealed.value === null) return refuse({ code: 'field_missing', field: 'reveal.reason' });
  const { text, params } = searchStatement(request, place, number === '' ? undefined : await marksOfNumber(deps, number, request));
  const rows = await deps.database.query<CallReadRow>(text, [...params, pageSize + 1]);
  const page = rows.slice(0, pageSize);
  const last = rows.length > pageSize ? page.at(-1) : undefined;
  const calls = await shownTo(deps, revealed.value, { what: 'search', question: questionOf(request), isFirstPage: place === undefined }, page);
  return ok({ calls, nextCursor: last === undefined ? '' : cursorOf(last) });
}

/** What a number is found by on each day of the time that is searched, of those that are not erased. */
async function marksOfNumber({ database, numbers }: Pick<CdrDeps, 'database' | 'numbers'>, number: string, { fromUs, untilUs }: SearchCallsRequest): Promise<bigint[]> {
  const lastDay = untilUs === 0n ? 2_000_000 : dayOf(untilUs);
  return (await numbers.indexKeysBetween(database, dayOf(fromUs), lastDay)).flatMap((key) => marksOf(key, [number]));
}

/** The conditions that are set, as they are recorded where numbers are shown. */
function questionOf({ number, q850Cause, callId, cardId, accountCode, calledPrefix, switchId, carrierCode, fromUs, untilUs }: SearchCallsRequest): Record<string, string> {
  const times = { fromUs: fromUs === 0n ? '' : `${fromUs}`, untilUs: untilUs === 0n ? '' : `${untilUs}` };
  const cause = q850Cause === undefined ? '' : `${q850Cause}`;
  const all = { number: maskedNumber(number), q850Cause: cause, callId, cardId, accountCode, calledPrefix, switchId, carrierCode, ...times };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''));
}

/**
 * The statement of a search, but for its last parameter, how many rows. The text depends only on which conditions are set, so there are
 * few of them and each is prepared once. Calls of a cause that nothing else narrows down are looked for in the minutes in which the sums
 * of reports have such calls: an index over a column that changes as a call ends would make every end of a call dearer.
 */
export function searchStatement(request: SearchCallsRequest, place: Place | undefined, marks: readonly bigint[] | undefined): { text: string; params: unknown[] } {
  const params: unknown[] = [];
  const conditions: string[] = [];
  let calls = 'call';
  if (marks !== undefined) {
    params.push(pgArray('bigint', marks, (mark) => mark));
    // Looked up first: the planner knows little of arrays, and would rather walk the calls by their start.
    calls = '(SELECT * FROM call n WHERE n.number_index && $1::bigint[] OFFSET 0)';
  } else if (request.callId !== '') {
    params.push(request.callId);
    // Where each lies is known beside the calls; nothing else leads there from the id alone.
    calls = '(SELECT n.* FROM call_place p JOIN call n ON n.callid = p.callid AND n.filed_day = p.filed_day WHERE p.uniqueid = $1 OFFSET 0)';
  }
  const add = (condition: (parameter: string) => string, value: unknown): void => {
    params.push(value);
    conditions.push(condition(`$${params.length}`));
  };
  if (marks !== undefined && request.callId !== '') add((p) => `c.uniqueid = ${p}`, request.callId);
  if (request.cardId !== '') add((p) => `c.cardid = ${p}`, request.cardId);
  if (request.accountCode !== '') add((p) => `c.account_code = ${p}`, request.accountCode);
  if (request.switchId !== '') add((p) => `c.switch_id = (SELECT id FROM voip_switch WHERE name = ${p})`, request.switchId);
  if (request.carrierCode !== '') add((p) => `c.carrier_code = ${p}`, request.carrierCode);
  if (request.calledPrefix !== '') {
    // Before it is rated a call is known by what was dialled only; so is one whose number no rating could read.
    // Of each number only what a mask shows of it is compared: four characters or more follow.
    add((p) => `coalesce(nullif(c.called_e164, ''), ltrim(c.callednumber, '+')) LIKE ${p}`, `${request.calledPrefix.replace('+', '')}____%`);
  }
  // Nobody told why: of calls that are over, because the others have no cause yet.
  const ofCause = (p: string) => (request.q850Cause === 0 ? `coalesce(c.q850_cause, 0) = ${p}::int AND c.status IN ('ended', 'closed', 'abandoned')` : `c.q850_cause = ${p}::int`);
  if (request.q850Cause !== undefined) add(ofCause, request.q850Cause);
  if (request.fromUs !== 0n) add((p) => `c.started_at_us >= ${p}`, request.fromUs);
  if (request.untilUs !== 0n) add((p) => `c.started_at_us < ${p}`, request.untilUs);
  if (place !== undefined) {
    params.push(place.startedAtUs, place.callid);
    conditions.push(`(c.started_at_us, c.callid) < ($${params.length - 1}, $${params.length})`);
  }
  const where = conditions.length === 0 ? '' : ` WHERE ${conditions.join(' AND ')}`;
  const isWide = request.cardId === '' && request.accountCode === '' && request.callId === '' && marks === undefined;
  if (request.q850Cause !== undefined && isWide) return throughMinutes(request, place, where, params);
  return { text: `${selectColumns} FROM ${calls} c JOIN voip_switch s ON s.id = c.switch_id${where} ORDER BY c.started_at_us DESC, c.callid DESC LIMIT $${params.length + 1}`, params };
}

const minuteUs = 60_000_000n;

/** The same conditions upon the calls of one minute after the other, from the latest on, of each no more than a page has. */
function throughMinutes({ q850Cause, fromUs, untilUs }: SearchCallsRequest, place: Place | undefined, where: string, before: readonly unknown[]): { text: string; params: unknown[] } {
  const latestUs = [place?.startedAtUs, untilUs === 0n ? undefined : untilUs - 1n].filter((us) => us !== undefined).reduce<bigint>((least, us) => (us < least ? us : least), lastUs);
  const params = [...before, String(q850Cause), fromUs / minuteUs, latestUs / minuteUs];
  const [cause, first, last, rowsMax] = [1, 2, 3, 4].map((at) => `$${before.length + at}`);
  const text = `${selectColumns}
    FROM (SELECT DISTINCT at_min FROM report_bucket WHERE dimension = 'cause' AND grain = 'minute' AND value = ${cause} AND at_min BETWEEN ${first} AND ${last} ORDER BY at_min DESC) m
    CROSS JOIN LATERAL (
      SELECT * FROM call c${where} AND c.started_at_us >= m.at_min * 60000000::bigint AND c.started_at_us < (m.at_min + 1) * 60000000::bigint
      ORDER BY c.started_at_us DESC, c.callid DESC LIMIT ${rowsMax}) c
    JOIN voip_switch s ON s.id = c.switch_id
    ORDER BY m.at_min DESC, c.started_at_us DESC, c.callid DESC LIMIT ${rowsMax}`;
  return { text, params };
}

/** Later than any call. */
const lastUs = 4_102_444_800_000_000n;

function cursorOf({ started_at_us: startedAtUs, callid }: CallReadRow): string {
  return Buffer.from(`${startedAtUs}.${callid}`).toString('base64url');
}

function placeOf(cursor: string): Place | undefined {
  const match = /^(\d{1,18})\.(\d{1,18})$/.exec(Buffer.from(cursor, 'base64url').toString('latin1'));
  if (match === null) return undefined;
  const [, startedAtUs = '', callid = ''] = match;
  return { startedAtUs: BigInt(startedAtUs), callid: BigInt(callid) };
}
