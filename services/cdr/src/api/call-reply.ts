import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CallRecordSchema } from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import { told } from '../domain/call.ts';
import { callColumns, type KeyedRow } from '../projections/call-table.ts';

/** A call as it is read for an answer: its row, what PostgreSQL derives or follows from its carrier, the name of its switch. */
export interface CallReadRow extends KeyedRow {
  readonly sessiontime: number | null;
  readonly startdelay: number | null;
  readonly providerid: number | null;
  readonly switch_name: string;
}

/** What every answer about calls selects; the caller says of which calls `c` and switches `s`, and in which order. */
export const selectColumns = `SELECT ${callColumns}, c.sessiontime, c.startdelay, c.providerid, s.name AS switch_name`;

/** The same of all calls. */
export const selectCalls = `${selectColumns} FROM call c JOIN voip_switch s ON s.id = c.switch_id`;

export type CallReply = MessageInitShape<typeof CallRecordSchema>;

/** Calls as they are answered, with the flag `unassigned` on those that nobody known pays for. */
export async function repliesOf(sql: Sql, rows: readonly CallReadRow[]): Promise<CallReply[]> {
  const assigned = await knownCodes(sql, rows);
  return rows.map((row) => replyOf(row, isUnassigned(row, assigned)));
}

/**
 * Whether a code is known is looked up on reading, not stored: an account that is opened later mends its calls by
 * itself. A rated call had a party that rating knew.
 */
function isUnassigned({ cardid, account_code: code, told: kinds }: CallReadRow, known: ReadonlySet<string>): boolean {
  return cardid === null && (code === null || ((kinds & told.rated) === 0 && !known.has(code)));
}

async function knownCodes(sql: Sql, rows: readonly CallReadRow[]): Promise<ReadonlySet<string>> {
  const codes = new Set(rows.flatMap(({ account_code: code }) => code ?? []));
  if (codes.size === 0) return codes;
  const known = await sql.query<{ account_code: string }>(
    'SELECT account_code FROM account_code WHERE account_code = ANY($1::text[])',
    [[...codes]],
  );
  return new Set(known.map((row) => row.account_code));
}

function replyOf(row: CallReadRow, unassigned: boolean): CallReply {
  return {
    call: { switchId: row.switch_name, callId: row.uniqueid, leg: row.leg },
    status: row.status,
    ...chargedOf(row),
    cli: row.cli,
    calledNumber: row.callednumber,
    calledE164: row.called_e164 ?? '',
    startedAtUs: row.started_at_us,
    ringingAtUs: row.ringing_at_us ?? 0n,
    answeredAtUs: row.answered_at_us ?? 0n,
    endedAtUs: row.ended_at_us ?? 0n,
    ...receiptsOf(row),
    sessionTimeSec: row.sessiontime ?? 0,
    pulseTimeSec: row.pulsetime ?? 0,
    startDelaySec: row.startdelay ?? 0,
    stopDelaySec: row.stopdelay,
    q850Cause: row.q850_cause ?? 0,
    terminateCause: row.terminatecause ?? '',
    carrierCode: row.carrier_code,
    providerId: row.providerid ?? 0,
    countryPrefixId: row.countryprefixid ?? 0,
    ...planOf(row),
    ...(row.sell_nanos === null ? {} : { sell: { nanos: row.sell_nanos, currency: row.currency ?? '' } }),
    ...(row.buy_nanos === null ? {} : { buy: { nanos: row.buy_nanos, currency: row.buy_currency ?? '' } }),
    ...(row.margin_nanos === null ? {} : { margin: { nanos: row.margin_nanos, currency: row.currency ?? '' } }),
    abandoned: row.status === 'abandoned' ? (row.underlay?.abandoned?.reason ?? '') : '',
    flags: unassigned ? [...row.flags, 'unassigned'] : [...row.flags],
    attempts: (row.attempts ?? []).map((attempt) => ({
      ...attempt,
      startedAtUs: BigInt(attempt.startedAtUs),
      endedAtUs: BigInt(attempt.endedAtUs),
    })),
  };
}

function receiptsOf(row: CallReadRow) {
  return {
    startedReceivedAtUs: row.started_received_us ?? 0n,
    ringingReceivedAtUs: row.ringing_received_us ?? 0n,
    answeredReceivedAtUs: row.answered_received_us ?? 0n,
    endedReceivedAtUs: row.ended_received_us ?? 0n,
    ratedReceivedAtUs: row.rated_received_us ?? 0n,
    lastReceivedAtUs: row.last_received_us ?? 0n,
  } satisfies CallReply;
}

function planOf({ tariffid, voip_plan_id }: CallReadRow): Pick<CallReply, 'plan'> {
  if (tariffid !== null) return { plan: { plan: { case: 'tariffId', value: tariffid } } };
  return voip_plan_id === null ? {} : { plan: { plan: { case: 'voipPlanId', value: voip_plan_id } } };
}

function chargedOf({ cardid, account_code: code }: CallReadRow): Pick<CallReply, 'charged'> {
  if (cardid !== null) return { charged: { party: { case: 'cardId', value: cardid } } };
  if (code !== null) return { charged: { party: { case: 'accountCode', value: code } } };
  return {};
}
