import { nanosOf } from '@tollwire/telecom';
import { z } from 'zod';
import { atMostOnePayer, onePayer, partyFields } from '../http/parties.ts';
import { accountCode, cardId, decimal, instant, positiveMoney, rowId, text, title, whole, wholeText } from '../http/primitives.ts';

/** It names a transfer, which is named by a call, whose switch and id may be long. */
const cursor = text(2_048).default('');

/** The name of who took a payment. */
const provider = z.string().regex(/^[a-z0-9_-]{1,32}$/, 'must be 1 to 32 of a-z, 0-9, _ and -').meta({ example: 'bank' });

export const providerPath = z.strictObject({ provider });
export type ProviderPath = z.output<typeof providerPath>;

/** A stretch of a statement, and its page. `until` is exclusive; now, where none is given. */
export const statementPage = z.strictObject({ from: instant.optional(), until: instant.optional(), pageSize: wholeText(1, 1000).default(100), cursor });
export type StatementPage = z.output<typeof statementPage>;

export const cursorPage = z.strictObject({ cursor });
export type CursorPage = z.output<typeof cursorPage>;

export const cardPath = z.strictObject({ cardId });
export type CardPath = z.output<typeof cardPath>;

export const accountPath = z.strictObject({ accountCode });
export type AccountPath = z.output<typeof accountPath>;

/** The name of any ledger account: `revenue:EUR`, `carrier:NORTH:EUR`, `reseller:7:EUR`. */
export const ledgerPath = z.strictObject({ ledgerAccount: text(96).meta({ example: 'revenue:EUR' }) });
export type LedgerPath = z.output<typeof ledgerPath>;

/** A payment that was taken otherwise than by webhook: at a till, by bank. The same `paymentId` of a provider posts once. */
export const payment = z.strictObject({ provider, paymentId: text(128), ...partyFields, amount: positiveMoney }).check(onePayer);
export type Payment = z.output<typeof payment>;

export const paymentPath = z.strictObject({ provider, paymentId: text(128) });
export type PaymentPath = z.output<typeof paymentPath>;

/** The same `reversalId` of a provider takes back once; without an amount all that is left. */
export const reversal = z.strictObject({ reversalId: text(128), kind: z.enum(['refund', 'chargeback']), amount: positiveMoney.optional() });
export type Reversal = z.output<typeof reversal>;

const ppmPerPercent = 10_000n;
const nanosPerUnit = 1_000_000_000n;

/** A percentage as decimal text, up to four decimals; inside it is millionths. */
const percent = z
  .string()
  .transform((value, context) => {
    const nanos = nanosOf(value);
    const ppm = nanos.ok ? (nanos.value * ppmPerPercent) / nanosPerUnit : -1n;
    const isExact = nanos.ok && ppm * nanosPerUnit === nanos.value * ppmPerPercent;
    if (!isExact || ppm < 0n || ppm > 1_000_000n) {
      context.addIssue({ code: 'custom', message: 'must be 0 to 100 with at most four decimals, as text', input: value });
      return z.NEVER;
    }
    return Number(ppm);
  })
  .meta({ type: 'string', example: '10' });

export const commission = z.strictObject({ resellerId: rowId, cardTypeId: rowId.optional(), percent });
export type Commission = z.output<typeof commission>;

/** `batchId` is the caller's; a batch is made, and its codes are told, once. */
export const voucherBatch = z.strictObject({
  batchId: text(64), quantity: whole(1, 10_000), value: positiveMoney, expiresAt: instant.optional(), resellerId: rowId.optional(),
});
export type VoucherBatch = z.output<typeof voucherBatch>;

export const voucherBatches = z.strictObject({ waiting: z.stringbool().default(false).meta({ description: 'Only those that wait for approval.', example: 'true' }) });
export type VoucherBatches = z.output<typeof voucherBatches>;

export const voucherPath = z.strictObject({ batchId: text(64) });
export type VoucherPath = z.output<typeof voucherPath>;

/** `redemptionId` is the caller's: asked again with it, the winner is answered the same. `triedFrom` is a CLI, trunk or address. */
export const redemption = z
  .strictObject({ ...partyFields, code: text(40).meta({ example: '1234 5678 9012 3456' }), redemptionId: text(128), triedFrom: text(64).optional() })
  .check(onePayer);
export type Redemption = z.output<typeof redemption>;

/** `transferId` is the caller's, and that of the transfer when it is posted. */
export const proposal = z.strictObject({ ...partyFields, amount: positiveMoney, transferId: text(64), reason: text(256), payment: paymentPath.optional() }).check(onePayer);
export type Proposal = z.output<typeof proposal>;

export const proposalPath = z.strictObject({ transferId: text(64) });
export type ProposalPath = z.output<typeof proposalPath>;

export const decision = z.strictObject({ note: title.optional() }).default({});
export type Decision = z.output<typeof decision>;

export const proposalQuery = z.strictObject({ status: z.enum(['proposed', 'posted', 'rejected']).optional() });
export type ProposalQuery = z.output<typeof proposalQuery>;

interface ScopeFields {
  readonly cardId?: string | undefined;
  readonly accountCode?: string | undefined;
  readonly cardTypeId?: number | undefined;
}

/** Refuses thresholds of a payer and of a card type at once. */
function oneScope<T extends ScopeFields>(context: z.core.ParsePayload<T>): void {
  const { cardId: card, accountCode: account, cardTypeId } = context.value;
  if (cardTypeId !== undefined && (card !== undefined || account !== undefined)) {
    context.issues.push({ code: 'custom', message: 'must stand alone: name a cardId, an accountCode or a cardTypeId', input: cardTypeId, path: ['cardTypeId'] });
  }
}

/** Thresholds of one card or account, of all cards of a type, or, where nobody is named, of all accounts. */
export const lowBalance = z
  .strictObject({ ...partyFields, cardTypeId: rowId.optional(), thresholds: z.array(decimal).max(10) })
  .check(atMostOnePayer, oneScope);
export type LowBalance = z.output<typeof lowBalance>;

export const lowBalanceQuery = z.strictObject(partyFields).check(atMostOnePayer);
export type LowBalanceQuery = z.output<typeof lowBalanceQuery>;
