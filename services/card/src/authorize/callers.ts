import type { CodedRefusal } from '@tollwire/contracts';
import { instantUs, ok, refuse } from '@tollwire/core';
import type { InstantUs, Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { gatewayColumns } from '../accounts/gateway-links.ts';
import type { AllowedGateways } from '../domain/account.ts';
import { refusalOfCard } from '../domain/card-standing.ts';
import type { CardStanding, SuspensionReason } from '../domain/card-standing.ts';
import { ledgerAccount } from '../domain/ledger.ts';
import { unknownParty } from '../wire/party.ts';
import type { Party } from '../wire/party.ts';

/** Who pays for a call: the ledger account, and the plan that it is sold by. */
export interface Caller {
  readonly accountId: string;
  readonly currency: string;
  readonly plan: { readonly case: 'tariffId' | 'voipPlanId'; readonly value: number };
  /** The pulses of the card type; a frequency of 0 leaves the increments to the rate. */
  readonly startpulseSec: number;
  readonly frequencySec: number;
  /** Whether startpulse is charged flat for the incoming leg, before the pulses. */
  readonly incomingLeg: boolean;
  /** Which gateways its calls may use; absent: all. */
  readonly gateways?: AllowedGateways;
  /** The card, where this may be the first call with it. */
  readonly unusedCardId?: string;
}

interface CardRow {
  readonly cardid: string;
  readonly activated: boolean;
  readonly activates_on_use: boolean;
  readonly suspension: SuspensionReason | null;
  readonly is_used: boolean;
  readonly deactivated_us: bigint | null;
  readonly expires_us: bigint | null;
  readonly tariffid: number;
  readonly startpulse: number;
  readonly frequency: number;
  readonly incoming_leg: boolean;
  readonly currency: string;
}

const selectCards = `
  SELECT c.cardid, c.activated, c.activates_on_use, c.suspension, c.first_used IS NOT NULL AS is_used, to_us(c.deactivated) AS deactivated_us, to_us(c.expires) AS expires_us,
    t.tariffid, t.startpulse, t.frequency, t.incoming_leg, t.currency
  FROM card_state c JOIN cardtype t USING (cardtypeid) WHERE c.cardid = ANY($1::text[])`;

const selectCustomers = `
  SELECT a.code, p.customer_id, p.voip_plan_id, p.currency, ${gatewayColumns.trim()}
  FROM account_code a JOIN user_profile p USING (customer_id) WHERE a.code = ANY($1::text[])`;

/** Tells who a party is at an instant, or why it may not call: unknown, or refused as its card stands. */
export type CallerOf = (party: Party, at: InstantUs) => Result<Caller, CodedRefusal>;

/** Looks up all parties of a batch, in at most two statements. */
export async function callersOf(sql: Sql, parties: readonly Party[]): Promise<CallerOf> {
  const cardIds = [...new Set(parties.flatMap((party) => (party.kind === 'card' ? [party.cardId] : [])))];
  const codes = [...new Set(parties.flatMap((party) => (party.kind === 'account' ? [party.code] : [])))];
  const [cards, customers] = await Promise.all([cardsOf(sql, cardIds), customersOf(sql, codes)]);
  return (party, at) => {
    if (party.kind === 'account') {
      const caller = customers.get(party.code);
      return caller === undefined ? refuse(unknownParty(party)) : ok(caller);
    }
    const card = cards.get(party.cardId);
    if (card === undefined) return refuse(unknownParty(party));
    const refusal = refusalOfCard(card.standing, at);
    return refusal === null ? ok(card.caller) : refuse(refusal);
  };
}

async function cardsOf(sql: Sql, ids: readonly string[]): Promise<Map<string, { standing: CardStanding; caller: Caller }>> {
  const rows = ids.length === 0 ? [] : await sql.query<CardRow>(selectCards, [ids]);
  return new Map(rows.map((row) => [row.cardid, { standing: standingOf(row), caller: cardCaller(row) }]));
}

/** How a card row stands; its instants as microseconds. */
export function standingOf(row: Pick<CardRow, 'activated' | 'activates_on_use' | 'suspension' | 'deactivated_us' | 'expires_us'>): CardStanding {
  const instantOf = (us: bigint | null) => (us === null ? null : instantUs(Number(us)));
  const { activated, activates_on_use: activatesOnUse, suspension } = row;
  return { ...{ activated, activatesOnUse, suspension }, deactivatedAt: instantOf(row.deactivated_us), expiresAt: instantOf(row.expires_us) };
}

function cardCaller(row: CardRow): Caller {
  const plan = { case: 'tariffId', value: row.tariffid } as const;
  const pulses = { startpulseSec: row.startpulse, frequencySec: row.frequency, incomingLeg: row.incoming_leg };
  const unused = row.is_used ? {} : { unusedCardId: row.cardid };
  return { accountId: ledgerAccount.card(row.cardid), currency: row.currency, plan, ...pulses, ...unused };
}

interface CustomerRow {
  readonly code: string;
  readonly customer_id: string;
  readonly voip_plan_id: number;
  readonly currency: string;
  readonly gateway_ids: readonly number[];
  readonly gateway_group_ids: readonly number[];
}

function gatewaysOf({ gateway_ids: gatewayIds, gateway_group_ids: gatewayGroupIds }: CustomerRow): Pick<Caller, 'gateways'> {
  return gatewayIds.length === 0 && gatewayGroupIds.length === 0 ? {} : { gateways: { gatewayIds, gatewayGroupIds } };
}

const noPulses = { startpulseSec: 0, frequencySec: 0, incomingLeg: false };

async function customersOf(sql: Sql, codes: readonly string[]): Promise<Map<string, Caller>> {
  const rows =
    codes.length === 0 ? [] : await sql.query<CustomerRow>(selectCustomers, [codes]);
  return new Map(
    rows.map((row) => [
      row.code,
      {
        accountId: ledgerAccount.customer(row.customer_id), currency: row.currency, plan: { case: 'voipPlanId', value: row.voip_plan_id }, ...noPulses,
        ...gatewaysOf(row),
      },
    ]),
  );
}
