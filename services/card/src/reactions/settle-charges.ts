import { publicEvents } from '@tollwire/contracts';
import type { ReceivedEvent } from '@tollwire/contracts';
import type { InstantUs } from '@tollwire/core';
import { enqueue } from '@tollwire/event-store';
import type { ParkedEvent, Reaction, ReactionOutcome, Sql } from '@tollwire/event-store';
import type { CardDeps } from '../card.deps.ts';
import { latestCharges, recordCharges } from '../ledger/charges.ts';
import { creditCounts } from '../ledger/counts.ts';
import { LockedAccounts } from '../ledger/locked-accounts.ts';
import { accountsOfParties } from '../ledger/party-accounts.ts';
import { closeReservations, openReservationsOf } from '../ledger/reservations.ts';
import { postTransfers } from '../ledger/transfers.ts';
import { ratedChargeOf } from '../wire/call-rated.ts';
import type { RatedCharge } from '../wire/call-rated.ts';
import { Settlement } from './settlement.ts';

/**
 * Charges rated calls: posts each charge, settles the call's open reservation with it, and tells of it, once for each
 * rating, whatever is delivered how often and in whatever order. One transaction and a fixed number of statements for
 * any number of calls. A charge is never dropped for want of credit or of a reservation; what cannot be charged
 * (nobody's card, another currency, no price) is parked with its reason.
 */
export function settleCharges(deps: Pick<CardDeps, 'clock' | 'root'>): Reaction {
  const counts = creditCounts();
  return {
    name: 'settle-charges',
    batchesAtOnce: 2,
    events: [publicEvents.CallRated],
    async handle(tx, events): Promise<ReactionOutcome> {
      const { charges, parked } = read(events);
      const settlement = await settlementOf(tx, charges, deps.clock.nowUs());
      for (const charge of charges) settlement.settle(charge);
      await write(deps, tx, settlement);
      return { park: [...parked, ...settlement.parked], committed: () => counts.charged(settlement.charges()) };
    },
  };
}

function read(events: readonly ReceivedEvent[]): { charges: RatedCharge[]; parked: ParkedEvent[] } {
  const charges: RatedCharge[] = [];
  const parked: ParkedEvent[] = [];
  for (const event of events) {
    const charge = ratedChargeOf(event);
    if (charge.ok) charges.push(charge.value);
    else parked.push({ eventId: event.id, code: charge.refusal.code, detail: charge.refusal.detail ?? charge.refusal.field ?? '' });
  }
  return { charges, parked };
}

/** Reads what is decided upon: charges and reservations only after their accounts are locked, since every writer locks first. */
async function settlementOf(tx: Sql, charges: readonly RatedCharge[], at: InstantUs): Promise<Settlement> {
  const accountOf = await accountsOfParties(tx, charges.map(({ party }) => party));
  const accountIds = charges.flatMap(({ party }) => accountOf(party) ?? []);
  const callKeys = [...new Set(charges.map(({ callKey }) => callKey))];
  const [accounts, before, open] = await Promise.all([
    LockedAccounts.lock(tx, accountIds),
    latestCharges(tx, callKeys),
    openReservationsOf(tx, callKeys),
  ]);
  return new Settlement({ accounts, accountOf, before, open, at });
}

async function write({ clock, root }: Pick<CardDeps, 'clock' | 'root'>, tx: Sql, settlement: Settlement): Promise<void> {
  const at = clock.nowUs();
  await Promise.all([
    // First, so that whoever finds a call charged meanwhile hears of that and not of what follows from it.
    recordCharges(tx, settlement.charges(), at),
    settlement.accounts.save(tx),
    postTransfers(tx, settlement.transfers(), at),
    closeReservations(tx, settlement.settledCallKeys(), 'settled'),
    enqueue(tx, root, settlement.events(at)),
  ]);
}
