import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, CreditDecision, CreditProposalSchema, ListCreditProposalsRequest, ProposeCreditRequest } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { EventMeta, Sql } from '@tollwire/event-store';
import { post, postingOf, topUpId } from '../accounts/post-credit.ts';
import type { Posting } from '../accounts/post-credit.ts';
import type { CardDeps } from '../card.deps.ts';
import type { ProposalCommand, ProposedCredit } from '../domain/credit-proposal.ts';
import { lockName, lockPayee } from '../ledger/payee.ts';
import { refusable } from '../ledger/refusable.ts';
import { namedBy } from '../wire/meta.ts';
import { moneyOf } from '../wire/money.ts';
import { chargedOfKey, keyOfParty, partyOfKey } from '../wire/party.ts';
import { optionalTextOf, textOf } from '../wire/text.ts';
import { providerOf, take } from './take-payment.ts';
import type { Paid } from './take-payment.ts';

type Proposal = MessageInitShape<typeof CreditProposalSchema>;
type ProposalDeps = Pick<CardDeps, 'database' | 'clock' | 'root' | 'aggregates' | 'wakeRelay'>;

/** Proposes a credit under the id of its transfer; nothing is posted yet. Proposed again with the same content, nothing changes. */
export async function proposeCredit(deps: ProposalDeps, request: ProposeCreditRequest, meta: EventMeta): Promise<Result<Proposal, CodedRefusal>> {
  const by = principalOf(request.by);
  if (!by.ok) return by;
  const posting = postingOf(request);
  if (!posting.ok) return posting;
  const reason = textOf(request.reason, 'reason', 256);
  if (!reason.ok) return reason;
  const payment = paymentNamed(request);
  if (!payment.ok) return payment;
  const { party, amount: { nanos: amountNanos, currency } } = posting.value;
  return await decide(deps, request.transferId, meta, async (tx) => {
    const payee = await lockPayee(tx, party);
    if (!payee.ok) return payee;
    const { accountId } = payee.value;
    if (payee.value.currency !== currency) return refuse({ code: 'currency_mismatch', field: 'amount.currency' });
    const credit = { party: keyOfParty(party), accountId, currency, amountNanos, reason: reason.value, ...payment.value };
    return ok({ type: 'Propose', credit, by: by.value, at: deps.clock.nowUs() });
  });
}

/** Approves or rejects a proposed credit. An approval by who proposed it is refused (own_proposal); any other posts it, in one transaction. */
export async function decideCredit(deps: ProposalDeps, type: 'Approve' | 'Reject', request: CreditDecision, meta: EventMeta): Promise<Result<Proposal, CodedRefusal>> {
  const by = principalOf(request.by);
  if (!by.ok) return by;
  const note = optionalTextOf(request.note, 'note');
  if (!note.ok) return note;
  return await decide(deps, request.transferId, meta, () => Promise.resolve(ok({ type, by: by.value, note: note.value, at: deps.clock.nowUs() })));
}

/** The latest 200 proposals, of one status or all, the newest first. */
export async function listProposals(sql: Sql, { status }: ListCreditProposalsRequest): Promise<Result<{ proposals: Proposal[] }, CodedRefusal>> {
  if (!['', 'proposed', 'posted', 'rejected'].includes(status)) return refuse({ code: 'field_malformed', field: 'status', detail: 'Ask for proposed, posted or rejected.' });
  return ok({ proposals: (await sql.query<Row>(selectLatest, [status])).map(proposalOf) });
}

async function decide(
  deps: ProposalDeps,
  id: string,
  meta: EventMeta,
  commandOf: (tx: Sql) => Promise<Result<ProposalCommand, CodedRefusal>>,
): Promise<Result<Proposal, CodedRefusal>> {
  const transferId = textOf(id, 'transferId');
  if (!transferId.ok) return transferId;
  const decided = await refusable<Proposal, CodedRefusal>(deps.database, async (tx) => {
    await lockName(tx, `proposal:${transferId.value}`);
    const command = await commandOf(tx);
    if (!command.ok) return command;
    const [answer] = await deps.aggregates.proposals.handleIn(tx, [{ id: transferId.value, command: command.value, meta }]);
    const handled = present(answer, 'an answer for the command');
    if (!handled.ok) return handled;
    const row = await findProposal(tx, transferId.value);
    if (!handled.value.events.some(({ type }) => type === 'CreditApproved')) return ok(proposalOf(row));
    const paid = paidOfRow(row, meta);
    const posted = paid === null ? await post(tx, postingOfRow(row), deps.clock) : await take(tx, deps, paid);
    return posted.ok ? ok(proposalOf(row)) : posted;
  });
  if (decided.ok) deps.wakeRelay();
  return decided;
}

/** What was proposed as it is posted: under the names of both, and the id that PostCredit would have posted it under. */
function postingOfRow(row: Row): Posting {
  return { ...creditOfRow(row), transferId: topUpId(row.transfer_id) };
}

/** The payment that was proposed, as it is taken; null where the credit is none. */
function paidOfRow(row: Row, { traceparent }: EventMeta): Paid | null {
  const { provider, payment_id: paymentId } = row;
  return provider === null || paymentId === null ? null : { ...creditOfRow(row), provider, paymentId, aloneMax: null, traceparent };
}

function creditOfRow({ party, currency, amount: nanos, proposed_by: proposedBy, decided_by: decidedBy }: Row): Pick<Posting, 'party' | 'amount' | 'by'> {
  return { party: partyOfKey(party), amount: { nanos, currency }, by: `${proposedBy}, ${decidedBy ?? ''}` };
}

function paymentNamed({ payment }: ProposeCreditRequest): Result<Pick<ProposedCredit, 'payment'>, CodedRefusal> {
  if (payment === undefined) return ok({});
  const provider = providerOf(payment.provider, 'payment.provider');
  if (!provider.ok) return provider;
  const paymentId = textOf(payment.paymentId, 'payment.paymentId');
  return paymentId.ok ? ok({ payment: { provider: provider.value, paymentId: paymentId.value } }) : paymentId;
}

/** The account that is credited names the approval, so nobody may approve without a name. */
function principalOf(by: string): Result<string, CodedRefusal> {
  const name = namedBy(by);
  return name === null ? refuse({ code: 'field_missing', field: 'by', detail: 'Say who proposes or decides.' }) : ok(name);
}

interface Row {
  readonly transfer_id: string;
  readonly party: string;
  readonly currency: string;
  readonly amount: bigint;
  readonly reason: string;
  readonly status: string;
  readonly proposed_by: string;
  readonly proposed_us: bigint;
  readonly decided_by: string | null;
  readonly decided_us: bigint | null;
  readonly note: string;
  readonly provider: string | null;
  readonly payment_id: string | null;
}

const columns = `transfer_id, party, currency, amount, reason, status, proposed_by, to_us(proposed_at) AS proposed_us,
  decided_by, to_us(decided_at) AS decided_us, note, provider, payment_id`;
const selectOne = `SELECT ${columns} FROM credit_proposal WHERE transfer_id = $1`;
const selectLatest = `SELECT ${columns} FROM credit_proposal WHERE $1 IN ('', status) ORDER BY proposed_at DESC, transfer_id LIMIT 200`;

async function findProposal(tx: Sql, transferId: string): Promise<Row> {
  const [row] = await tx.query<Row>(selectOne, [transferId]);
  return present(row, 'the row of a proposal that was decided upon');
}

function proposalOf(row: Row): Proposal {
  return {
    transferId: row.transfer_id,
    party: chargedOfKey(row.party),
    amount: moneyOf(row.amount, row.currency),
    reason: row.reason,
    status: row.status,
    proposedBy: row.proposed_by,
    proposedAtUs: row.proposed_us,
    decidedBy: row.decided_by ?? '',
    decidedAtUs: row.decided_us ?? 0n,
    note: row.note,
    ...(row.provider === null || row.payment_id === null ? {} : { payment: { provider: row.provider, paymentId: row.payment_id } }),
  };
}
