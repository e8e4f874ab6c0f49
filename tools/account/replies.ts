import { z } from 'zod';

const money = z.object({ amount: z.string(), currency: z.string() });
const party = z.object({ cardId: z.string().optional(), accountCode: z.string().optional() });
const call = z.looseObject({ switchId: z.string().optional(), callId: z.string().optional(), leg: z.number() });

export const balance = z.looseObject({ credit: money, reserved: money, available: money, status: z.string(), expiresAt: z.string().optional() });
export type Balance = z.infer<typeof balance>;

/** A page of a statement as the API tells it. */
export const statement = z.object({
  ledgerAccount: z.string(), currency: z.string(), from: z.string().optional(), until: z.string().optional(), opening: z.string(), closing: z.string(), nextCursor: z.string().optional(),
  lines: z.array(z.looseObject({
    transferId: z.string(), at: z.string(), code: z.string(), amount: z.string(), balance: z.string(), otherAccount: z.string(), call: call.optional(), postedBy: z.string().optional(),
  })),
});
export type Statement = z.infer<typeof statement>;

export const reservations = z.looseObject({
  reserved: money,
  reservations: z.array(z.looseObject({ call, amount: money, maxDurationSec: z.number(), reservedAt: z.string(), validUntil: z.string() })),
});
export type Reservations = z.infer<typeof reservations>;

export const payment = z.looseObject({
  provider: z.string(), paymentId: z.string(), party, amount: money, commission: money, resellerId: z.number(), paidAt: z.string(), reversed: money,
});
export type Payment = z.infer<typeof payment>;
export const payments = z.looseObject({ payments: z.array(payment), nextCursor: z.string().optional() });

export const proposal = z.looseObject({
  transferId: z.string(), party, amount: money, reason: z.string(), status: z.string(), proposedBy: z.string(), proposedAt: z.string(), decidedBy: z.string().optional(),
  payment: z.object({ provider: z.string(), paymentId: z.string() }).optional(),
});
export type Proposal = z.infer<typeof proposal>;
export const proposals = z.looseObject({ proposals: z.array(proposal) });

/** Of whom it is told below which balances: of a party, of a card type, or of all accounts. */
export const lowBalance = z.looseObject({ party: party.optional(), cardTypeId: z.number().optional(), thresholds: z.array(z.string()).default([]), by: z.string().optional() });
export type LowBalance = z.infer<typeof lowBalance>;
export const lowBalances = z.object({ lowBalances: z.array(lowBalance).default([]) });

export const voucherBatch = z.looseObject({
  batchId: z.string(), quantity: z.number(), value: money, redeemedCount: z.number(), expiresAt: z.string().optional(), voidedAt: z.string().optional(),
  needsApproval: z.boolean().optional(), approvedBy: z.string().optional(),
});
export type VoucherBatch = z.infer<typeof voucherBatch>;
export const voucherBatches = z.object({ batches: z.array(voucherBatch) });
export const madeVouchers = z.looseObject({ batch: voucherBatch, codes: z.array(z.string()) });
export const redeemed = z.looseObject({ value: money, credit: money, batchId: z.string() });
