import type { Row, Value } from './values.ts';

/** A table, as far as statements depend on its definition. */
export interface Table {
  /** The columns that no two rows have alike. */
  readonly key: readonly string[];
  /** A column that the database numbers by itself. */
  readonly numbered?: { readonly column: string; readonly of: (number: number) => Value };
  /** What a row has where it says nothing. */
  readonly defaults?: Row;
  /** Columns of type bigint that a statement gives a plain number. */
  readonly bigints?: readonly string[];
  /** What every row must be. */
  readonly check?: (row: Row) => boolean;
}

const atLeast = (row: Row, column: string, least: bigint): boolean => {
  const value = row[column];
  return (typeof value === 'bigint' || typeof value === 'number') && BigInt(value) >= least;
};

const numbered = (column: string) => ({ column, of: BigInt });

/** The tables of card and rating that the simulated statements use. An int spec holds the model to the real ones. */
export const tables: Readonly<Record<string, Table>> = {
  ledger_account: {
    key: ['id'],
    defaults: { version: 0n, open_calls: 0, second_no: 0n, calls_in_second: 0, hour_no: 0, spent_in_hour: 0n, day_no: 0, spent_in_day: 0n },
    bigints: ['reserved'],
    check: (row) => atLeast(row, 'reserved', 0n) && atLeast(row, 'credit_limit', 0n) && atLeast(row, 'open_calls', 0n),
  },
  low_balance: { key: ['scope'] },
  transfer: { key: ['id'], check: (row) => atLeast(row, 'amount', 1n) && row['debit_account'] !== row['credit_account'] },
  charge: { key: ['call_key', 'nth'], check: (row) => atLeast(row, 'amount', 0n) && atLeast(row, 'above_reservation', 0n) && atLeast(row, 'revision', 1n) && atLeast(row, 'tax', 0n) },
  reservation: { key: ['call_key'], check: (row) => atLeast(row, 'amount', 0n) && atLeast(row, 'max_duration_sec', 1n) },
  reservation_extension: { key: ['call_key', 'sequence'], check: (row) => atLeast(row, 'sequence', 1n) && atLeast(row, 'added', 0n) && atLeast(row, 'amount', 0n) },
  payment: { key: ['provider', 'payment_id'], bigints: ['paid_at_us'], check: (row) => atLeast(row, 'amount', 1n) && atLeast(row, 'commission', 0n) },
  payment_reversal: { key: ['provider', 'reversal_id'], bigints: ['reversed_at_us'], check: (row) => atLeast(row, 'amount', 1n) && atLeast(row, 'commission', 0n) },
  voucher: { key: ['code_index'] },
  voucher_batch: { key: ['batch_id'] },
  voucher_void: { key: ['batch_id'] },
  voucher_redemption: { key: ['code_index'], bigints: ['redeemed_at_us'] },
  commission: { key: ['nth'], numbered: numbered('nth') },
  broken_credit: { key: ['cardid', 'nth'], bigints: ['forfeited_at_us'], check: (row) => atLeast(row, 'amount', 1n) },
  event: { key: ['stream', 'version'] },
  credit_proposal: { key: ['transfer_id'] },
  account_code: { key: ['code'] },
  user_profile: { key: ['customer_id'] },
  card_state: { key: ['cardid'] },
  cardtype: { key: ['cardtypeid'] },
  card_batch: { key: ['batch_id'] },
  order: { key: ['cardid'] },
  sale: { key: ['cardid'] },
  reseller: { key: ['resellerid'] },
  /** Row 1, which has no number, is nobody's. */
  cid: { key: ['cid'], numbered: { column: 'cidid', of: (number) => number + 1 }, bigints: ['createtime'] },
  caller_policy: { key: ['switch_id', 'trunk'] },
  caller_address: { key: ['address'] },
  card_pin: { key: ['blind_index'] },
  failed_try: { key: ['subject'] },
  dialer_setting: { key: ['id'] },
  cardtype_dialer_setting: { key: ['cardtypeid'] },
  subscriber_plan: { key: ['party_key'] },
  rated_call: { key: ['call_key', 'revision'], check: (row) => atLeast(row, 'sell_nanos', 0n) },
  allowance_revision: { key: ['number'] },
  /** The simulation's own: a row for each effect that an event had. */
  witness: { key: ['id'], numbered: numbered('id') },
  inbox_consumer: { key: ['name'], numbered: { column: 'id', of: Number } },
  inbox: { key: ['consumer', 'event_id'] },
  outbox: { key: ['position'], numbered: numbered('position') },
  outbox_pending: { key: ['position'] },
  outbox_published: { key: ['id'], numbered: numbered('id') },
  dead_letter: { key: ['consumer', 'event_id'], numbered: numbered('position'), defaults: { tries: 1, headers: null } },
};
