import { accept, reject, unreachable } from '@tollwire/core';
import type { Decider, Decision, InstantUs } from '@tollwire/core';

/** A credit that somebody wants to be posted. */
export interface ProposedCredit {
  readonly party: string;
  readonly accountId: string;
  readonly currency: string;
  readonly amountNanos: bigint;
  readonly reason: string;
  /** The payment that it is, by the name that its provider has for it; absent where it is for nothing that was paid. */
  readonly payment?: { readonly provider: string; readonly paymentId: string };
}

export type ProposalCommand =
  | { readonly type: 'Propose'; readonly credit: ProposedCredit; readonly by: string; readonly at: InstantUs }
  | { readonly type: 'Approve' | 'Reject'; readonly by: string; readonly note: string; readonly at: InstantUs };

export type ProposalEvent =
  | { readonly type: 'CreditProposed'; readonly credit: ProposedCredit; readonly by: string; readonly at: InstantUs }
  | { readonly type: 'CreditApproved'; readonly by: string; readonly note: string; readonly at: InstantUs }
  | { readonly type: 'CreditRejected'; readonly by: string; readonly note: string; readonly at: InstantUs };

export type ProposalRefusal =
  | { readonly code: 'unknown_proposal' | 'proposal_decided' }
  | { readonly code: 'own_proposal'; readonly facts: { readonly proposedBy: string } }
  | { readonly code: 'idempotency_mismatch'; readonly field: 'transferId' };

export type ProposalState =
  | { readonly phase: 'none' }
  | (ProposedCredit & { readonly phase: 'proposed' | 'posted' | 'rejected'; readonly proposedBy: string });

/**
 * A credit that two people post: one proposes it, another approves it, and with the approval it is posted. Who proposed it may
 * still turn it down. Deciding again as it was decided changes nothing.
 */
export const creditProposal: Decider<ProposalState, ProposalCommand, ProposalEvent, ProposalRefusal> = {
  name: 'credit-proposal',
  initial: { phase: 'none' },
  decide(command, state) {
    if (command.type === 'Propose') return propose(command, state);
    if (state.phase === 'none') return reject({ code: 'unknown_proposal' });
    if (command.type === 'Approve' && command.by === state.proposedBy) return reject({ code: 'own_proposal', facts: { proposedBy: state.proposedBy } });
    if (state.phase !== 'proposed') return state.phase === phaseOf[command.type] ? accept() : reject({ code: 'proposal_decided' });
    const { by, note, at } = command;
    return accept({ type: command.type === 'Approve' ? 'CreditApproved' : 'CreditRejected', by, note, at });
  },
  evolve(state, event) {
    switch (event.type) {
      case 'CreditProposed':
        return { ...event.credit, phase: 'proposed', proposedBy: event.by };
      case 'CreditApproved':
        return state.phase === 'none' ? state : { ...state, phase: 'posted' };
      case 'CreditRejected':
        return state.phase === 'none' ? state : { ...state, phase: 'rejected' };
      default:
        return unreachable(event);
    }
  },
};

const phaseOf = { Approve: 'posted', Reject: 'rejected' } as const;

function propose({ credit, by, at }: Extract<ProposalCommand, { type: 'Propose' }>, state: ProposalState): Decision<ProposalEvent, ProposalRefusal> {
  if (state.phase === 'none') return accept({ type: 'CreditProposed', credit, by, at });
  const { accountId, currency, amountNanos, reason, payment } = state;
  const terms = accountId === credit.accountId && currency === credit.currency && amountNanos === credit.amountNanos && reason === credit.reason;
  const same = terms && payment?.provider === credit.payment?.provider && payment?.paymentId === credit.payment?.paymentId;
  return same ? accept() : reject({ code: 'idempotency_mismatch', field: 'transferId' });
}
