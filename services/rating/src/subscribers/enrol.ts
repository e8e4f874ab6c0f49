import { AccountOpenedSchema, CardsIssuedSchema, dataOf, partyKey, publicEvents, type ReceivedEvent } from '@tollwire/contracts';
import type { ParkedEvent, Reaction } from '@tollwire/event-store';
import type { PlanRef } from '../domain/tables.ts';
import { planOfRef } from '../wire/plan-ref.ts';

const { CardsIssued, AccountOpened } = publicEvents;

/** By which plan and pulses somebody pays is set when a card is issued or an account opened; told again, it stays. */
const insertSubscribers = `
  insert into subscriber_plan (party_key, tariff_id, voip_plan_id, startpulse_sec, frequency_sec, incoming_leg)
  select party_key, nullif(tariff_id, 0), nullif(voip_plan_id, 0), startpulse_sec, frequency_sec, incoming_leg
  from unnest($1::text[], $2::int[], $3::int[], $4::int[], $5::int[], $6::bool[])
    as p (party_key, tariff_id, voip_plan_id, startpulse_sec, frequency_sec, incoming_leg)
  order by party_key
  on conflict do nothing`;

interface Enrolment {
  readonly partyKeys: readonly string[];
  readonly plan: PlanRef | undefined;
  readonly startpulseSec: number;
  readonly frequencySec: number;
  readonly incomingLeg: boolean;
}

interface Row extends Omit<Enrolment, 'partyKeys'> {
  readonly partyKey: string;
  readonly plan: PlanRef;
}

/** Keeps the plan of every card and account that comes to be, all of a batch in one statement. */
export const enrolSubscribers: Reaction = {
  name: 'enrol-subscribers',
  events: [CardsIssued, AccountOpened],
  async handle(tx, events) {
    const park: ParkedEvent[] = [];
    const rows: Row[] = [];
    for (const event of events) {
      const { partyKeys, plan, ...pulses } = enrolmentOf(event);
      if (plan === undefined) park.push({ eventId: event.id, code: 'unknown_plan', detail: 'The event names no plan.' });
      else for (const partyKey of partyKeys) rows.push({ partyKey, plan, ...pulses });
    }
    if (rows.length > 0) {
      await tx.query(insertSubscribers, [
        rows.map((row) => row.partyKey),
        rows.map(({ plan }) => (plan.kind === 'tariff' ? plan.id : 0)),
        rows.map(({ plan }) => (plan.kind === 'voip_plan' ? plan.id : 0)),
        rows.map((row) => row.startpulseSec),
        rows.map((row) => row.frequencySec),
        rows.map((row) => row.incomingLeg),
      ]);
    }
    return { park };
  },
};

function enrolmentOf(event: ReceivedEvent): Enrolment {
  if (event.type === CardsIssued.type) {
    const { cardIds, plan, startpulseSec, frequencySec, incomingLeg } = dataOf(CardsIssuedSchema, event);
    const partyKeys = cardIds.map((value) => partyKey({ party: { case: 'cardId', value } }));
    return { partyKeys, plan: planOfRef(plan), startpulseSec, frequencySec, incomingLeg };
  }
  const { accountCodes, plan } = dataOf(AccountOpenedSchema, event);
  const partyKeys = accountCodes.map((value) => partyKey({ party: { case: 'accountCode', value } }));
  return { partyKeys, plan: planOfRef(plan), startpulseSec: 0, frequencySec: 0, incomingLeg: false };
}
