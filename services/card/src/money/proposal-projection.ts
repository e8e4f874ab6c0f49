import type { InstantUs } from '@tollwire/core';
import type { Projection } from '@tollwire/event-store';
import type { ProposalEvent } from '../domain/credit-proposal.ts';

/** The beginning of the names of proposals' streams. */
export const proposalStreamPrefix = 'proposal-';

/** A credit that was proposed, and what became of it. */
export interface ProposalRow {
  readonly transferId: string;
  readonly party: string;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly reason: string;
  readonly status: 'proposed' | 'posted' | 'rejected';
  readonly proposedBy: string;
  readonly proposedAt: InstantUs;
  readonly decidedBy: string | null;
  readonly decidedAt: InstantUs | null;
  readonly note: string;
  /** The payment that it is. */
  readonly provider: string | null;
  readonly paymentId: string | null;
}

export const proposalList: Projection<ProposalRow, ProposalEvent> = {
  name: 'proposal-list',
  table: 'credit_proposal',
  streamPrefix: proposalStreamPrefix,
  columns: {
    transferId: 'transfer_id text',
    party: 'party text',
    currency: 'currency text',
    amountNanos: 'amount bigint',
    reason: 'reason text',
    status: 'status text',
    proposedBy: 'proposed_by text',
    proposedAt: 'proposed_at instant_us',
    decidedBy: 'decided_by text',
    decidedAt: 'decided_at instant_us',
    note: 'note text',
    provider: 'provider text',
    paymentId: 'payment_id text',
  },
  key: ['transferId'],
  keyOf: ({ stream }) => [stream.slice(proposalStreamPrefix.length)],
  evolve(row, { stream, event }) {
    if (event.type === 'CreditProposed') {
      const { accountId: _, payment, ...credit } = event.credit;
      const transferId = stream.slice(proposalStreamPrefix.length);
      const { provider = null, paymentId = null } = payment ?? {};
      return { transferId, ...credit, status: 'proposed', proposedBy: event.by, proposedAt: event.at, decidedBy: null, decidedAt: null, note: '', provider, paymentId };
    }
    const status = event.type === 'CreditApproved' ? 'posted' : 'rejected';
    return row === undefined ? undefined : { ...row, status, decidedBy: event.by, decidedAt: event.at, note: event.note };
  },
};
