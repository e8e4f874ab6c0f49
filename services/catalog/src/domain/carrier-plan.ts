import { accept, type Decider, type InstantUs, reject } from '@tollwire/core';
import type { Currency } from '@tollwire/telecom';
import { decideLife, isLife, isLifeEvent, type LifeCommand, type LifeEvent, type LifeRefusal, lived, type Living } from './plan-life.ts';
import type { NameTaken, Said } from './sell-terms.ts';

/** A carrier plan: the rates that one carrier charges. */
export interface CarrierPlan {
  readonly carrierPlanId: number;
  readonly name: string;
  readonly currency: Currency;
  /** IANA name of the zone whose clocks the windows of its rates go by; absent or empty: UTC. */
  readonly timeZone?: string;
  /** provider.carriercode, which routing owns; not checked here. */
  readonly carrierCode: string;
}

export type CarrierPlanCommand = ({ readonly type: 'CreateCarrierPlan' } & CarrierPlan & Said<InstantUs>) | ({ readonly carrierPlanId: number } & LifeCommand);

export type CarrierPlanEvent = ({ readonly type: 'CarrierPlanCreated' } & CarrierPlan & Said<InstantUs>) | LifeEvent;

export const carrierPlan: Decider<Living<CarrierPlan> | null, CarrierPlanCommand, CarrierPlanEvent, NameTaken | LifeRefusal> = {
  name: 'carrier-plan',
  initial: null,

  decide(command, created) {
    if (isLife(command)) return decideLife(command, created, command.carrierPlanId);
    if (created === null) return accept({ ...command, type: 'CarrierPlanCreated' });
    const same = created.currency === command.currency && (created.timeZone ?? '') === (command.timeZone ?? '') && created.carrierCode === command.carrierCode;
    return same ? accept() : reject({ code: 'name_taken', id: created.carrierPlanId });
  },

  evolve(plan, event) {
    return isLifeEvent(event) ? lived(plan, event) : event;
  },
};
