import type { Balance, Grant } from './replies.ts';

/** A grant in one line: to whom, what, for where, from when until when. */
export function grantLine({ grantId, party, plan, bundle, terms }: Grant): string {
  const to = party === undefined ? planText(plan) : party.cardId === undefined ? `account ${party.accountCode ?? ''}` : `card ${party.cardId}`;
  const each = terms.period === 'once' ? 'once' : `each ${terms.period}`;
  const where = terms.prefixes.length === 0 ? 'anywhere' : `to ${terms.prefixes.join(', ')}`;
  const until = terms.validUntil === undefined ? '' : ` until ${terms.validUntil}`;
  const named = bundle === undefined ? '' : ` (${bundle})`;
  return `${grantId}${named}: ${to} has ${terms.sec} s ${each} ${where}, from ${terms.validFrom ?? 'the beginning'}${until}`;
}

/** What is left of a grant, in one line. */
export function balanceLine({ grant, expiresAt, grantedSec, usedSec, heldSec, availableSec }: Balance): string {
  const held = heldSec === 0 ? '' : `, ${heldSec} s held for calls`;
  const expires = expiresAt === undefined ? '' : `, until ${expiresAt}`;
  return `${grant.bundle ?? grant.grantId}: ${availableSec} s left of ${grantedSec} s, ${usedSec} s used${held}${expires}`;
}

function planText(plan: Grant['plan']): string {
  return plan?.tariffId === undefined ? `everyone on VoIP plan ${plan?.voipPlanId ?? ''}` : `everyone on tariff ${plan.tariffId}`;
}
