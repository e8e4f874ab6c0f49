import { accept, type Decider, type InstantUs, reject } from '@tollwire/core';
import type { Currency } from '@tollwire/telecom';
import { decideLife, isLife, isLifeEvent, type LifeCommand, type LifeEvent, type LifeRefusal, lived, type Living } from './plan-life.ts';
import { type NameTaken, type Said, sameIds } from './sell-terms.ts';

/** A retail plan: rates that accounts pay, together with the carrier plans that its calls are bought from. */
export interface RetailPlan {
  readonly retailPlanId: number;
  readonly name: string;
  readonly currency: Currency;
  /** IANA name of the zone whose clocks the windows of its rates go by; absent or empty: UTC. */
  readonly timeZone?: string;
  readonly carrierPlanIds: readonly number[];
}

export type RetailPlanCommand =
  | ({
      readonly type: 'CreateRetailPlan';
      /** Those of `carrierPlanIds` that there are none of. */
      readonly unknownCarrierPlanIds: readonly number[];
    } & RetailPlan & Said<InstantUs>)
  | ({ readonly retailPlanId: number } & LifeCommand);

export type RetailPlanEvent = ({ readonly type: 'RetailPlanCreated' } & RetailPlan & Said<InstantUs>) | LifeEvent;

export type RetailPlanRefusal = NameTaken | LifeRefusal;

export const retailPlan: Decider<Living<RetailPlan> | null, RetailPlanCommand, RetailPlanEvent, RetailPlanRefusal> = {
  name: 'retail-plan',
  initial: null,

  decide(asked, created) {
    if (isLife(asked)) return decideLife(asked, created, asked.retailPlanId);
    const { type: _, unknownCarrierPlanIds, ...command } = asked;
    const [unknown] = unknownCarrierPlanIds;
    if (unknown !== undefined) return reject({ code: 'unknown_plan', field: 'carrierPlanIds', id: unknown });
    if (created === null) return accept({ type: 'RetailPlanCreated', ...command });
    const same = created.currency === command.currency && (created.timeZone ?? '') === (command.timeZone ?? '') && sameIds(created.carrierPlanIds, command.carrierPlanIds);
    return same ? accept() : reject({ code: 'name_taken', id: created.retailPlanId });
  },

  evolve(plan, event) {
    return isLifeEvent(event) ? lived(plan, event) : event;
  },
};
