import { accept, type Decider, type InstantUs, reject } from '@tollwire/core';
import { type NameTaken, type Said, sameTerms, type SellTerms } from './sell-terms.ts';

/** A tariff: what cards pay. Its rates are a deck; this is its name and how it is charged. */
export interface Tariff extends SellTerms {
  readonly tariffId: number;
  readonly name: string;
  /** IANA name of the zone whose clocks the windows of its rates go by; absent or empty: UTC. */
  readonly timeZone?: string;
}

export type TariffCommand = { readonly type: 'CreateTariff' } & Tariff & Said<InstantUs>;

export type TariffEvent = { readonly type: 'TariffCreated' } & Tariff & Said<InstantUs>;

export const tariff: Decider<Tariff | null, TariffCommand, TariffEvent, NameTaken> = {
  name: 'tariff',
  initial: null,

  /** Asked for again just as it is, a tariff stands as it was made. */
  decide(command, created) {
    if (created === null) return accept({ ...command, type: 'TariffCreated' });
    return sameTerms(command, created) && (command.timeZone ?? '') === (created.timeZone ?? '') ? accept() : reject({ code: 'name_taken', id: created.tariffId });
  },

  evolve(_, event) {
    return event;
  },
};
