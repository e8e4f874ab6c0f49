import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, ListVoucherBatchesRequest, MakeVouchersReplySchema, MakeVouchersRequest, VoucherBatchRef, VoucherBatchSchema } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import type { CardDeps, MoneyPolicy } from '../card.deps.ts';
import { lockName } from '../ledger/payee.ts';
import { refusable } from '../ledger/refusable.ts';
import { namedBy } from '../wire/meta.ts';
import { amountOf, moneyOf } from '../wire/money.ts';
import type { Amount } from '../wire/money.ts';
import { textOf } from '../wire/text.ts';
import { codeIndex, randomCodes } from './voucher-codes.ts';

/** Vouchers of one batch. */
const quantityMax = 10_000;

/** A batch as it is ordered. */
interface Order {
  readonly batchId: string;
  readonly quantity: number;
  readonly value: Amount;
  readonly expiresAtUs: bigint | null;
  readonly resellerId: number | null;
  readonly by: string | null;
  /** Worth more than one person may make alone. */
  readonly needsApproval: boolean;
}

/** The refusal where no key of vouchers is configured. */
export const notSetUp: CodedRefusal = { code: 'vouchers_not_set_up', detail: 'Set VOUCHER_KEY of the card service and start it again.' };

/**
 * Makes a batch of vouchers and answers their codes, which are kept as keyed digests only: this is the one time that they are
 * told. Asked again the batch is refused (voucher_codes_told): whose answer was lost voids it and makes another. A batch that
 * is worth more than one person may post alone is redeemed when another has approved it, not before.
 */
export async function makeVouchers(
  deps: Pick<CardDeps, 'database' | 'clock' | 'money'>,
  request: MakeVouchersRequest,
): Promise<Result<MessageInitShape<typeof MakeVouchersReplySchema>, CodedRefusal>> {
  const { voucherKey } = deps.money;
  if (voucherKey === null) return refuse(notSetUp);
  const at = deps.clock.nowUs();
  const order = orderOf(request, deps.money, at);
  if (!order.ok) return order;
  return await refusable(deps.database, (tx) => make(tx, order.value, voucherKey, at));
}

async function make(tx: Sql, order: Order, key: string, at: InstantUs): Promise<Result<MessageInitShape<typeof MakeVouchersReplySchema>, CodedRefusal>> {
  const { batchId, resellerId } = order;
  await lockName(tx, batchLock(batchId));
  const before = await findBatch(tx, batchId);
  if (before !== undefined) return refuse({ code: isSame(before, order) ? 'voucher_codes_told' : 'idempotency_mismatch', field: 'batchId' });
  if (resellerId !== null && (await tx.query('SELECT 1 FROM reseller WHERE resellerid = $1::bigint', [resellerId])).length === 0) {
    return refuse({ code: 'unknown_reseller', field: 'resellerId' });
  }
  await tx.query(insertBatch, [batchId, order.quantity, order.value.currency, order.value.nanos, order.expiresAtUs, resellerId, at, order.by, order.needsApproval]);
  const codes = await drawCodes(tx, order, key);
  return ok({ batch: batchOf(present(await findBatch(tx, batchId), 'the batch that was made')), codes });
}

/** Draws codes until every voucher has one that no other voucher ever had. */
async function drawCodes(tx: Sql, { batchId, quantity }: Order, key: string): Promise<string[]> {
  const codes = new Array<string>(quantity).fill('');
  let missing = codes.map((_, at) => at + 1);
  while (missing.length > 0) {
    const drawn = randomCodes(missing.length);
    const rows = await tx.query<{ serial: number }>(insertVouchers, [drawn.map((code) => codeIndex(key, code)), batchId, missing]);
    const kept = new Set(rows.map(({ serial }) => serial));
    missing.forEach((serial, at) => {
      if (kept.has(serial)) codes[serial - 1] = drawn[at] ?? '';
    });
    missing = missing.filter((serial) => !kept.has(serial));
  }
  return codes;
}

/** What became of a batch. */
export async function showVoucherBatch(sql: Sql, request: Pick<VoucherBatchRef, 'batchId'>): Promise<Result<MessageInitShape<typeof VoucherBatchSchema>, CodedRefusal>> {
  const batchId = textOf(request.batchId, 'batchId');
  if (!batchId.ok) return batchId;
  const batch = await findBatch(sql, batchId.value);
  return batch === undefined ? refuse({ code: 'unknown_voucher_batch', field: 'batchId' }) : ok(batchOf(batch));
}

/** The latest 200 batches, all or those that wait for somebody's approval, the newest first. */
export async function listVoucherBatches(sql: Sql, { awaitingApproval }: ListVoucherBatchesRequest): Promise<Result<{ batches: MessageInitShape<typeof VoucherBatchSchema>[] }, CodedRefusal>> {
  return ok({ batches: (await sql.query<BatchRow>(selectLatest, [awaitingApproval])).map(batchOf) });
}

/** Takes the vouchers of a batch that are not redeemed out of use, for good; asked again, nothing changes. */
export async function voidVouchers({ database, clock }: Pick<CardDeps, 'database' | 'clock'>, request: VoucherBatchRef): Promise<Result<MessageInitShape<typeof VoucherBatchSchema>, CodedRefusal>> {
  return await refusable(database, async (tx) => {
    // Waits for redemptions that are under way, so that how many there were is said for good, and none is dated after it.
    await lockName(tx, batchLock(request.batchId));
    const known = await showVoucherBatch(tx, request);
    if (!known.ok) return known;
    await tx.query(insertVoid, [request.batchId, clock.nowUs(), namedBy(request.by)]);
    return await showVoucherBatch(tx, request);
  });
}

/** Lets the vouchers of a batch be redeemed that one person may not make alone. Refused to who made them; approved again, nothing changes. */
export async function approveVouchers({ database, clock }: Pick<CardDeps, 'database' | 'clock'>, request: VoucherBatchRef): Promise<Result<MessageInitShape<typeof VoucherBatchSchema>, CodedRefusal>> {
  const by = namedBy(request.by);
  if (by === null) return refuse({ code: 'field_missing', field: 'by', detail: 'Say who approves.' });
  return await refusable(database, async (tx) => {
    await lockName(tx, batchLock(request.batchId));
    const batch = await showVoucherBatch(tx, request);
    if (!batch.ok || batch.value.needsApproval !== true) return batch;
    const { madeBy = '', voidedAtUs = 0n } = batch.value;
    if (madeBy === by) return refuse({ code: 'own_proposal', detail: 'Let somebody else than who made the vouchers approve them.', facts: { proposedBy: madeBy } });
    if (voidedAtUs !== 0n) return refuse({ code: 'voucher_void', field: 'batchId' });
    await tx.query(insertApproval, [request.batchId, clock.nowUs(), by]);
    return await showVoucherBatch(tx, request);
  });
}

/** What is decided of a whole batch is decided under its lock; who redeems a voucher of it holds it as well, beside others who do. */
function batchLock(batchId: string): string {
  return `vouchers:${batchId}`;
}

/** Lets nothing be decided of the batch of a voucher until the transaction ends. What is read of it afterwards stands. */
export async function shareBatchLock(tx: Sql, index: string): Promise<void> {
  await tx.query(shareLock, [index, batchLock('')]);
}

interface BatchRow {
  readonly batch_id: string;
  readonly quantity: number;
  readonly currency: string;
  readonly value: bigint;
  readonly expires_at_us: bigint | null;
  readonly resellerid: number | null;
  readonly made_at_us: bigint;
  readonly made_by: string | null;
  readonly voided_at_us: bigint | null;
  readonly voided_by: string | null;
  readonly needs_approval: boolean;
  readonly approved_at_us: bigint | null;
  readonly approved_by: string | null;
  readonly redeemed: bigint;
}

const insertBatch = `
  INSERT INTO voucher_batch (batch_id, quantity, currency, value, expires_at_us, resellerid, made_at_us, made_by, needs_approval)
  VALUES ($1, $2::bigint, $3, $4, $5, $6::bigint, $7, $8, $9)`;
const insertApproval = 'INSERT INTO voucher_approval (batch_id, approved_at_us, approved_by) VALUES ($1, $2, $3) ON CONFLICT (batch_id) DO NOTHING';
const insertVoid = 'INSERT INTO voucher_void (batch_id, voided_at_us, voided_by) VALUES ($1, $2, $3) ON CONFLICT (batch_id) DO NOTHING';
const shareLock = `SELECT pg_advisory_xact_lock_shared(hashtextextended($2 || batch_id, 0)) FROM voucher WHERE code_index = decode($1, 'hex')`;
const insertVouchers = `
  INSERT INTO voucher (code_index, batch_id, serial)
  SELECT decode(code, 'hex'), $2, serial FROM unnest($1::text[], $3::int[]) AS v (code, serial)
  ON CONFLICT (code_index) DO NOTHING RETURNING serial`;
const batches = `
  SELECT b.batch_id, b.quantity, b.currency, b.value, b.expires_at_us, b.resellerid, b.made_at_us, b.made_by, v.voided_at_us, v.voided_by,
    b.needs_approval, a.approved_at_us, a.approved_by,
    (SELECT count(*) FROM voucher_redemption r WHERE r.batch_id = b.batch_id) AS redeemed
  FROM voucher_batch b LEFT JOIN voucher_void v USING (batch_id) LEFT JOIN voucher_approval a USING (batch_id)`;
const selectBatch = `${batches} WHERE b.batch_id = $1`;
const selectLatest = `${batches} WHERE NOT $1 OR (b.needs_approval AND a.batch_id IS NULL AND v.batch_id IS NULL) ORDER BY b.made_at_us DESC, b.batch_id LIMIT 200`;

async function findBatch(sql: Sql, batchId: string): Promise<BatchRow | undefined> {
  const [row] = await sql.query<BatchRow>(selectBatch, [batchId]);
  return row;
}

function isSame(row: BatchRow, { quantity, value, expiresAtUs, resellerId }: Order): boolean {
  const terms = row.quantity === quantity && row.value === value.nanos && row.currency === value.currency;
  return terms && row.expires_at_us === expiresAtUs && row.resellerid === resellerId;
}

function batchOf(row: BatchRow): MessageInitShape<typeof VoucherBatchSchema> {
  return {
    batchId: row.batch_id,
    quantity: row.quantity,
    value: moneyOf(row.value, row.currency),
    expiresAtUs: row.expires_at_us ?? 0n,
    resellerId: row.resellerid ?? 0,
    madeAtUs: row.made_at_us,
    madeBy: row.made_by ?? '',
    redeemedCount: Number(row.redeemed),
    voidedAtUs: row.voided_at_us ?? 0n,
    voidedBy: row.voided_by ?? '',
    needsApproval: row.needs_approval,
    approvedAtUs: row.approved_at_us ?? 0n,
    approvedBy: row.approved_by ?? '',
  };
}

function orderOf(request: MakeVouchersRequest, money: MoneyPolicy, at: InstantUs): Result<Order, CodedRefusal> {
  const batchId = textOf(request.batchId, 'batchId', 64);
  if (!batchId.ok) return batchId;
  const { quantity, expiresAtUs, resellerId } = request;
  if (quantity === 0 || quantity > quantityMax) return refuse({ code: 'field_out_of_range', field: 'quantity', detail: `Make 1 to ${quantityMax} vouchers at a time.` });
  const value = amountOf(request.value, 'value');
  if (!value.ok) return value;
  if (value.value.nanos === 0n) return refuse({ code: 'amount_malformed', field: 'value.nanos', detail: 'A voucher is worth more than nothing.' });
  if (expiresAtUs !== 0n && expiresAtUs <= BigInt(at)) return refuse({ code: 'field_out_of_range', field: 'expiresAtUs', detail: 'Let vouchers expire in the future.' });
  const bounds = { expiresAtUs: expiresAtUs === 0n ? null : expiresAtUs, resellerId: resellerId === 0 ? null : resellerId };
  const by = namedBy(request.by);
  const { nanos, currency } = value.value;
  const aloneMax = money.creditAloneMax(currency);
  const needsApproval = aloneMax !== null && nanos * BigInt(quantity) > aloneMax;
  // The approval is somebody else's, so nobody may make such a batch without a name.
  if (needsApproval && by === null) return refuse({ code: 'field_missing', field: 'by', detail: 'Say who makes vouchers that another is to approve.' });
  return ok({ batchId: batchId.value, quantity, value: value.value, ...bounds, by, needsApproval });
}
