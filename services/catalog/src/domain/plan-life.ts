import { accept, type Decision, type InstantUs, reject } from '@tollwire/core';
import type { Said } from './sell-terms.ts';

/** What any plan goes through once it is there. */
export type LifeCommand =
  | ({ readonly type: 'RenamePlan'; readonly name: string } & Said<InstantUs>)
  | ({
      readonly type: 'DeletePlan';
      /** What uses the plan: `voip_plan 3`, `card_type 5`, `account acme`. */
      readonly users: readonly string[];
    } & Said<InstantUs>);

export type LifeEvent =
  | ({ readonly type: 'PlanRenamed'; readonly planId: number; readonly name: string } & Said<InstantUs>)
  | ({ readonly type: 'PlanDeleted'; readonly planId: number } & Said<InstantUs>);

export type LifeRefusal =
  | { readonly code: 'unknown_plan'; readonly field: string; readonly id: number }
  | { readonly code: 'plan_in_use'; readonly users: readonly string[] };

/** A plan that may have been deleted: its id is never given again, its name may be. */
export type Living<Plan> = Plan & { readonly deleted?: true };

/** Renames or deletes the plan `planId`; what is in use, or was never made, is not. Asked again, nothing happens again. */
export function decideLife(command: LifeCommand, plan: Living<{ readonly name: string }> | null, planId: number): Decision<LifeEvent, LifeRefusal> {
  const { by, at } = command;
  if (plan === null) return reject({ code: 'unknown_plan', field: 'id', id: planId });
  if (command.type === 'DeletePlan') {
    if (plan.deleted) return accept();
    return command.users.length > 0 ? reject({ code: 'plan_in_use', users: command.users }) : accept({ type: 'PlanDeleted', planId, by, at });
  }
  if (plan.deleted) return reject({ code: 'unknown_plan', field: 'id', id: planId });
  return plan.name === command.name ? accept() : accept({ type: 'PlanRenamed', planId, name: command.name, by, at });
}

/** The plan after an event of its life. */
export function lived<Plan extends { readonly name: string }>(plan: Living<Plan> | null, event: LifeEvent): Living<Plan> | null {
  if (plan === null) return null;
  return event.type === 'PlanDeleted' ? { ...plan, deleted: true } : { ...plan, name: event.name };
}

export function isLife<Command extends { readonly type: string }>(command: Command | LifeCommand): command is LifeCommand {
  return command.type === 'RenamePlan' || command.type === 'DeletePlan';
}

export function isLifeEvent<Event extends { readonly type: string }>(event: Event | LifeEvent): event is LifeEvent {
  return event.type === 'PlanRenamed' || event.type === 'PlanDeleted';
}
