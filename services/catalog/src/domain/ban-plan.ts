import { accept, type Decider, type InstantUs, reject } from '@tollwire/core';
import { decideLife, isLife, isLifeEvent, type LifeCommand, type LifeEvent, type LifeRefusal, lived, type Living } from './plan-life.ts';
import type { NameTaken, Said } from './sell-terms.ts';

/** A ban plan: numbers that begin with one of its prefixes are not called. */
export interface BanPlan {
  readonly banPlanId: number;
  readonly name: string;
  /** 1–15 digits each, no two the same, in digit order. */
  readonly prefixes: readonly string[];
}

export type BanPlanCommand = ({ readonly type: 'CreateBanPlan' } & BanPlan & Said<InstantUs>) | ({ readonly banPlanId: number } & LifeCommand);

export type BanPlanEvent = ({ readonly type: 'BanPlanCreated' } & BanPlan & Said<InstantUs>) | LifeEvent;

export const banPlan: Decider<Living<BanPlan> | null, BanPlanCommand, BanPlanEvent, NameTaken | LifeRefusal> = {
  name: 'ban-plan',
  initial: null,

  decide(command, created) {
    if (isLife(command)) return decideLife(command, created, command.banPlanId);
    const prefixes = [...new Set(command.prefixes)].sort();
    if (created === null) return accept({ ...command, type: 'BanPlanCreated', prefixes });
    const same = prefixes.join() === created.prefixes.join();
    return same ? accept() : reject({ code: 'name_taken', id: created.banPlanId });
  },

  evolve(plan, event) {
    return isLifeEvent(event) ? lived(plan, event) : event;
  },
};
