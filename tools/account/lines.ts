import type { Balance, LowBalance, Payment, Proposal, Reservations, Statement, VoucherBatch } from './replies.ts';

/** A balance in one line. */
export function balanceLine({ credit, reserved, available, status, expiresAt }: Balance): string {
  const until = expiresAt === undefined ? '' : `, until ${expiresAt}`;
  return `${credit.amount} ${credit.currency} credit, ${reserved.amount} reserved, ${available.amount} free; ${status}${until}`;
}

/** The lines of a statement, with what it began and ended with. */
export function statementLines({ ledgerAccount, currency, opening, closing, lines }: Omit<Statement, 'nextCursor'>): string[] {
  const rows = lines.map((line) => {
    const call = line.call === undefined ? '' : ` ${line.call.switchId ?? ''}/${line.call.callId ?? ''}/${line.call.leg}`;
    const by = line.postedBy === undefined ? '' : ` by ${line.postedBy}`;
    return [line.at, line.amount.padStart(16), line.balance.padStart(16), ` ${line.code} ${line.otherAccount}${call}${by}`].join(' ');
  });
  return [`${ledgerAccount} opens with ${opening} ${currency}`, ...rows, `${ledgerAccount} closes with ${closing} ${currency}`];
}

/** A line for each call that credit is set aside for. */
export function reservationLines({ reserved, reservations }: Reservations): string[] {
  const rows = reservations.map(({ call, amount, maxDurationSec, validUntil }) =>
    `${call.switchId ?? ''}/${call.callId ?? ''}/${call.leg}: ${amount.amount} ${amount.currency} for ${maxDurationSec} s, until ${validUntil}`);
  return [...rows, `${reserved.amount} ${reserved.currency} reserved in all`];
}

/** A payment in one line. */
export function paymentLine({ provider, paymentId, amount, commission, resellerId, paidAt, reversed }: Payment): string {
  const earned = Number(commission.amount) === 0 ? '' : `, ${commission.amount} to reseller ${resellerId}`;
  const back = Number(reversed.amount) === 0 ? '' : `, ${reversed.amount} taken back`;
  return `${paidAt} ${provider} ${paymentId}: ${amount.amount} ${amount.currency}${earned}${back}`;
}

/** A proposed credit in one line. */
export function proposalLine({ transferId, party, amount, reason, status, proposedBy, decidedBy, payment }: Proposal): string {
  const to = party.cardId === undefined ? `account ${party.accountCode ?? ''}` : `card ${party.cardId}`;
  const decided = decidedBy === undefined ? '' : `, decided by ${decidedBy}`;
  const paid = payment === undefined ? '' : ` as payment ${payment.paymentId} of ${payment.provider}`;
  return `${transferId}: ${amount.amount} ${amount.currency} to ${to}${paid}, ${status}; proposed by ${proposedBy}${decided} (${reason})`;
}

/** Below which balances it is told, in one line. */
export function lowBalanceLine({ party, cardTypeId, thresholds, by }: LowBalance): string {
  const named = party?.cardId === undefined ? `account ${party?.accountCode ?? ''}` : `card ${party.cardId}`;
  const whose = party !== undefined ? named : cardTypeId === undefined ? 'all accounts' : `cards of type ${cardTypeId}`;
  return `${whose}: ${thresholds.length === 0 ? 'nothing is told' : `told below ${thresholds.join(', ')}`}${by === undefined ? '' : `, set by ${by}`}`;
}

/** A batch of vouchers in one line. */
export function voucherBatchLine({ batchId, quantity, value, redeemedCount, expiresAt, voidedAt, needsApproval = false, approvedBy }: VoucherBatch): string {
  const until = expiresAt === undefined ? '' : `, until ${expiresAt}`;
  const approved = !needsApproval ? '' : approvedBy === undefined ? '; waits for approval' : `; approved by ${approvedBy}`;
  const voided = voidedAt === undefined ? '' : `; void since ${voidedAt}`;
  return `${batchId}: ${redeemedCount} of ${quantity} at ${value.amount} ${value.currency} redeemed${until}${approved}${voided}`;
}
