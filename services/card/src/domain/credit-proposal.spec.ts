import { describe, it } from '@jest/globals';
import { given, instant } from '@tollwire/testing';
import { creditProposal } from './credit-proposal.ts';
import type { ProposalEvent } from './credit-proposal.ts';

const at = instant('2024-01-01T00:00:00Z');
const credit = { party: 'card:1', accountId: 'card:1', currency: 'EUR', amountNanos: 5n, reason: 'goodwill' };
const proposed: ProposalEvent = { type: 'CreditProposed', credit, by: 'ann', at };
const approved: ProposalEvent = { type: 'CreditApproved', by: 'bob', note: '', at };
const rejected: ProposalEvent = { type: 'CreditRejected', by: 'bob', note: 'no', at };
const approve = (by: string) => ({ type: 'Approve' as const, by, note: '', at });
const reject = (by: string) => ({ type: 'Reject' as const, by, note: 'no', at });

describe('a proposed credit', () => {
  it('is proposed once', () => {
    given(creditProposal, []).when({ type: 'Propose', credit, by: 'ann', at }).then([proposed]);
    given(creditProposal, [proposed]).when({ type: 'Propose', credit, by: 'bob', at }).then([]);
    for (const other of [{ accountId: 'card:2' }, { currency: 'USD' }, { amountNanos: 6n }, { reason: 'other' }]) {
      given(creditProposal, [proposed]).when({ type: 'Propose', credit: { ...credit, ...other }, by: 'ann', at }).then({ code: 'idempotency_mismatch', field: 'transferId' });
    }
  });

  it('is the same payment, where it is one', () => {
    const payment = { provider: 'bank', paymentId: 'p1' };
    const paid: ProposalEvent = { ...proposed, credit: { ...credit, payment } };
    given(creditProposal, []).when({ type: 'Propose', credit: { ...credit, payment }, by: 'ann', at }).then([paid]);
    given(creditProposal, [paid]).when({ type: 'Propose', credit: { ...credit, payment }, by: 'bob', at }).then([]);
    for (const other of [credit, { ...credit, payment: { ...payment, provider: 'till' } }, { ...credit, payment: { ...payment, paymentId: 'p2' } }]) {
      given(creditProposal, [paid]).when({ type: 'Propose', credit: other, by: 'ann', at }).then({ code: 'idempotency_mismatch', field: 'transferId' });
    }
  });

  it('is approved by another than who proposed it', () => {
    given(creditProposal, [proposed]).when(approve('bob')).then([approved]);
    given(creditProposal, [proposed]).when(approve('ann')).then({ code: 'own_proposal', facts: { proposedBy: 'ann' } });
    given(creditProposal, []).when(approve('bob')).then({ code: 'unknown_proposal' });
  });

  it('is rejected by anybody', () => {
    given(creditProposal, [proposed]).when(reject('bob')).then([rejected]);
    given(creditProposal, [proposed]).when(reject('ann')).then([{ ...rejected, by: 'ann' }]);
  });

  it('is decided for good', () => {
    given(creditProposal, [proposed, approved]).when(approve('eve')).then([]);
    given(creditProposal, [proposed, approved]).when(reject('eve')).then({ code: 'proposal_decided' });
    given(creditProposal, [proposed, rejected]).when(reject('eve')).then([]);
    given(creditProposal, [proposed, rejected]).when(approve('eve')).then({ code: 'proposal_decided' });
    given(creditProposal, [proposed, approved]).when(approve('ann')).then({ code: 'own_proposal', facts: { proposedBy: 'ann' } });
  });
});
