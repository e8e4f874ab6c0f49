import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, RedeemVoucherReplySchema, RedeemVoucherRequest } from '@tollwire/contracts';
import { instantUs, ok, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import { enqueue } from '@tollwire/event-store';
import type { Sql } from '@tollwire/event-store';
import { standingOf } from '../authorize/callers.ts';
import type { CardDeps } from '../card.deps.ts';
import { statusAt } from '../domain/card-standing.ts';
import { fundingTransfer } from '../domain/ledger.ts';
import { voucherRefusal } from '../domain/voucher.ts';
import type { Redeemer, VoucherTerms } from '../domain/voucher.ts';
import { lockPayee } from '../ledger/payee.ts';
import type { Payee } from '../ledger/payee.ts';
import { accountsOfParties } from '../ledger/party-accounts.ts';
import { refusable } from '../ledger/refusable.ts';
import { postTransfers } from '../ledger/transfers.ts';
import { giveTriesBack, type NoTryLeft, takeTries } from '../tries/failed-tries.ts';
import { namedBy } from '../wire/meta.ts';
import { moneyOf } from '../wire/money.ts';
import { voucherRedeemedOf } from '../wire/money-events.ts';
import { keyOfParty, partyOf, unknownParty } from '../wire/party.ts';
import type { Party } from '../wire/party.ts';
import { optionalTextOf, textOf } from '../wire/text.ts';
import { codeIndex, codeOf } from './voucher-codes.ts';
import { triesWindowSec, voucherLimitsOf } from './voucher-tries.ts';
import { notSetUp, shareBatchLock } from './vouchers.ts';

type Reply = Result<MessageInitShape<typeof RedeemVoucherReplySchema>, CodedRefusal>;

/** A voucher as it is tried. */
interface Try {
  readonly party: Party;
  /** Null for what cannot be a code. */
  readonly code: string | null;
  readonly redemptionId: string;
  readonly triedFrom: string;
  readonly by: string | null;
  readonly traceparent: string | undefined;
}

/**
 * Puts the value of a voucher on a card or account. Of any number who try it at once one wins, for good; the winner, who asks
 * again under the same redemption id, is answered the same. Tries that fail are limited, and a code that never was looks as a
 * wrong one does.
 */
export async function redeemVoucher(
  deps: Pick<CardDeps, 'database' | 'clock' | 'root' | 'wakeRelay' | 'money'>,
  request: RedeemVoucherRequest,
  { traceparent }: { readonly traceparent?: string },
): Promise<Reply> {
  const { voucherKey } = deps.money;
  if (voucherKey === null) return refuse(notSetUp);
  const tried = tryOf(request, traceparent);
  if (!tried.ok) return tried;
  const { party, triedFrom } = tried.value;
  const accountId = await accountThatIs(deps.database, party);
  if (accountId === null) return refuse(unknownParty(party));
  const taken = await takeTries(deps.database, voucherLimitsOf(accountId, triedFrom), triesWindowSec, deps.clock.nowUs());
  if (!taken.ok) return (await answerToWinner(deps.database, accountId, { tried: tried.value, key: voucherKey })) ?? refuse(tooManyTries(taken.refusal));
  const redeemed = await refusable(deps.database, (tx) => redeem(tx, deps, { tried: tried.value, key: voucherKey }));
  if (!redeemed.ok) return redeemed;
  await giveTriesBack(deps.database, taken.value.tries);
  deps.wakeRelay();
  return redeemed;
}

/** Who has won is answered again, whoever has failed from there since: that is no guess, and who lost the answer would think the voucher lost. */
async function answerToWinner(sql: Sql, accountId: string, { tried: { code, redemptionId }, key }: { readonly tried: Try; readonly key: string }): Promise<Reply | null> {
  const index = code === null ? '' : codeIndex(key, code);
  const before = await findRedemption(sql, index);
  const voucher = await findVoucher(sql, index);
  if (voucher === undefined || before?.account_id !== accountId || before.redemption_id !== redemptionId) return null;
  const { batchId, currency, valueNanos } = voucher;
  return ok({ value: moneyOf(valueNanos, currency), credit: moneyOf(await creditOf(sql, accountId), currency), batchId });
}

function tooManyTries({ untilUs }: NoTryLeft): CodedRefusal {
  return { code: 'too_many_tries', detail: 'Wait until then, then try again with the right code.', facts: { untilUs: String(untilUs) } };
}

async function accountThatIs(sql: Sql, party: Party): Promise<string | null> {
  const accountId = (await accountsOfParties(sql, [party]))(party);
  const rows = await sql.query('SELECT 1 FROM ledger_account WHERE id = $1', [accountId ?? '']);
  return accountId === undefined || rows.length === 0 ? null : accountId;
}

async function redeem(tx: Sql, { root, clock }: Pick<CardDeps, 'root' | 'clock'>, { tried, key }: { readonly tried: Try; readonly key: string }): Promise<Reply> {
  const payee = await lockPayee(tx, tried.party);
  if (!payee.ok) return payee;
  const at = clock.nowUs();
  const redeemer = await redeemerOf(tx, tried.party, payee.value, at);
  if (!redeemer.ok) return redeemer;
  const index = tried.code === null ? '' : codeIndex(key, tried.code);
  await shareBatchLock(tx, index);
  const voucher = await findVoucher(tx, index);
  if (voucher === undefined) return refuse({ code: 'unknown_voucher', field: 'code', detail: 'Check the sixteen digits of the code.' });
  const before = await findRedemption(tx, index);
  if (before !== undefined) return answerAgain(tx, before, tried, payee.value, voucher);
  const refusal = voucherRefusal(voucher, redeemer.value, at);
  if (refusal !== null) return refuse(refusal);
  // Whoever comes second waits here for the first, and then finds it taken.
  const won = await tx.query(insertRedemption, [index, tried.redemptionId, voucher.batchId, payee.value.accountId, at, tried.by]);
  if (won.length === 0) return refuse({ code: 'voucher_used' });
  return await postValue(tx, root, { tried, payee: payee.value, voucher }, at);
}

interface Won {
  readonly tried: Try;
  readonly payee: Payee;
  readonly voucher: FoundVoucher;
}

async function postValue(tx: Sql, root: string, { tried, payee: { accountId, currency, accounts }, voucher }: Won, at: InstantUs): Promise<Reply> {
  const { batchId, serial, valueNanos } = voucher;
  const decision = accounts.decide(accountId, { type: 'Post', amountNanos: valueNanos });
  if (!decision.accepted) return refuse(decision.refusal);
  const transfer = fundingTransfer({ id: `voucher:${batchId}:${serial}`, accountId, currency, amountNanos: valueNanos, code: 'voucher', postedBy: tried.by });
  const told = voucherRedeemedOf({ batchId, serial, party: keyOfParty(tried.party), currency, valueNanos, at, traceparent: tried.traceparent });
  await Promise.all([accounts.save(tx), postTransfers(tx, [transfer], at), enqueue(tx, root, [told])]);
  return ok({ value: moneyOf(valueNanos, currency), credit: moneyOf(await creditOf(tx, accountId), currency), batchId });
}

interface Redemption {
  readonly redemption_id: string;
  readonly account_id: string;
}

async function answerAgain(tx: Sql, before: Redemption, { redemptionId }: Try, { accountId, currency }: Payee, { batchId, valueNanos }: FoundVoucher): Promise<Reply> {
  if (before.account_id !== accountId || before.redemption_id !== redemptionId) return refuse({ code: 'voucher_used' });
  return ok({ value: moneyOf(valueNanos, currency), credit: moneyOf(await creditOf(tx, accountId), currency), batchId });
}

type StandingRow = Parameters<typeof standingOf>[0] & { readonly resellerid: number };

const selectStanding = `
  SELECT resellerid, activated, activates_on_use, suspension, to_us(deactivated) AS deactivated_us, to_us(expires) AS expires_us FROM card_state WHERE cardid = $1`;

/** Who redeems. A card that is over takes no voucher; one that is not activated yet may be filled before it is. */
async function redeemerOf(tx: Sql, party: Party, { currency }: Payee, at: InstantUs): Promise<Result<Redeemer, CodedRefusal>> {
  if (party.kind === 'account') return ok({ currency, resellerId: null });
  const [row] = await tx.query<StandingRow>(selectStanding, [party.cardId]);
  if (row === undefined) return refuse(unknownParty(party));
  const status = statusAt(standingOf(row), at);
  if (status === 'card_deactivated' || status === 'card_expired') return refuse({ code: status, detail: 'Redeem the voucher for another card, or extend this one first.' });
  return ok({ currency, resellerId: row.resellerid });
}

interface FoundVoucher extends VoucherTerms {
  readonly serial: number;
}

interface VoucherRow {
  readonly batch_id: string;
  readonly serial: number;
  readonly currency: string;
  readonly value: bigint;
  readonly expires_at_us: bigint | null;
  readonly resellerid: number | null;
  readonly voided_at_us: bigint | null;
  readonly awaits_approval: boolean;
}

const selectVoucher = `
  SELECT v.batch_id, v.serial, b.currency, b.value, b.expires_at_us, b.resellerid, o.voided_at_us, b.needs_approval AND a.batch_id IS NULL AS awaits_approval
  FROM voucher v JOIN voucher_batch b USING (batch_id) LEFT JOIN voucher_void o USING (batch_id) LEFT JOIN voucher_approval a USING (batch_id) WHERE v.code_index = decode($1, 'hex')`;
const insertRedemption = `
  INSERT INTO voucher_redemption (code_index, redemption_id, batch_id, account_id, redeemed_at_us, redeemed_by)
  VALUES (decode($1, 'hex'), $2, $3, $4, $5, $6) ON CONFLICT (code_index) DO NOTHING RETURNING batch_id`;

async function findVoucher(tx: Sql, index: string): Promise<FoundVoucher | undefined> {
  const [row] = await tx.query<VoucherRow>(selectVoucher, [index]);
  if (row === undefined) return undefined;
  const instantOf = (us: bigint | null) => (us === null ? null : instantUs(Number(us)));
  const { batch_id: batchId, serial, currency, value: valueNanos, resellerid: resellerId, awaits_approval: awaitsApproval } = row;
  return { batchId, serial, currency, valueNanos, resellerId, awaitsApproval, expiresAt: instantOf(row.expires_at_us), voidedAt: instantOf(row.voided_at_us) };
}

async function findRedemption(tx: Sql, index: string): Promise<Redemption | undefined> {
  const [row] = await tx.query<Redemption>(`SELECT redemption_id, account_id FROM voucher_redemption WHERE code_index = decode($1, 'hex')`, [index]);
  return row;
}

async function creditOf(tx: Sql, accountId: string): Promise<bigint> {
  const [row] = await tx.query<{ credit: bigint }>('SELECT credit FROM ledger_account WHERE id = $1', [accountId]);
  return row?.credit ?? 0n;
}

function tryOf(request: RedeemVoucherRequest, traceparent: string | undefined): Result<Try, CodedRefusal> {
  const party = partyOf(request.party, 'party');
  if (!party.ok) return party;
  const redemptionId = textOf(request.redemptionId, 'redemptionId');
  if (!redemptionId.ok) return redemptionId;
  const triedFrom = optionalTextOf(request.triedFrom, 'triedFrom', 64);
  if (!triedFrom.ok) return triedFrom;
  if (request.code === '') return refuse({ code: 'field_missing', field: 'code', detail: 'Give the code of the voucher.' });
  return ok({ party: party.value, code: codeOf(request.code), redemptionId: redemptionId.value, triedFrom: triedFrom.value, by: namedBy(request.by), traceparent });
}
