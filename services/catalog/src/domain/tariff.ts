import { accept, type Decider, type InstantUs, reject } from '@tollwire/core';
import { decideLife, isLife, isLifeEvent, type LifeCommand, type LifeEvent, type LifeRefusal, lived, type Living } from './plan-life.ts';
import { type NameTaken, type Said, sameTerms, type SellTerms } from './sell-terms.ts';

/** A tariff: what cards pay. Its rates are a deck; this is its name and how it is charged. */
export interface Tariff extends SellTerms {
  readonly tariffId: number;
  readonly name: string;
  /** IANA name of the zone whose clocks the windows of its rates go by; absent or empty: UTC. */
  readonly timeZone?: string;
}

export type TariffCommand = ({ readonly type: 'CreateTariff' } & Tariff & Said<InstantUs>) | ({ readonly tariffId: number } & LifeCommand);

export type TariffEvent = ({ readonly type: 'TariffCreated' } & Tariff & Said<InstantUs>) | LifeEvent;

export const tariff: Decider<Living<Tariff> | null, TariffCommand, TariffEvent, NameTaken | LifeRefusal> = {
  name: 'tariff',
  initial: null,

  /** Asked for again just as it is, a tariff stands as it was made. */
  decide(command, created) {
    if (isLife(command)) return decideLife(command, created, command.tariffId);
    if (created === null) return accept({ ...command, type: 'TariffCreated' });
    return sameTerms(command, created) && (command.timeZone ?? '') === (created.timeZone ?? '') ? accept() : reject({ code: 'name_taken', id: created.tariffId });
  },

  evolve(plan, event) {
    return isLifeEvent(event) ? lived(plan, event) : event;
  },
};
