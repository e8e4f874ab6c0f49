import { accept, type Decider, type Decision, type InstantUs, reject } from '@tollwire/core';
import type { Currency } from '@tollwire/telecom';
import { type NameTaken, type Said, sameIds, sameTerms, type SellTerms } from './sell-terms.ts';

/** A prefix that no call of the plan may begin with, and the ban plan that says so. */
export interface BannedPrefix {
  readonly prefix: string;
  readonly banPlanId: number;
}

/** A voip_plan: what an account pays and over whom it is routed, put together from other plans. */
export interface VoipPlan extends SellTerms {
  readonly voipPlanId: number;
  readonly name: string;
  readonly retailPlanIds: readonly number[];
  /** The plan's own carrier plans; its retail plans may bring more. */
  readonly carrierPlanIds: readonly number[];
  readonly banPlanIds: readonly number[];
}

/** The parts that a composition names, as far as they exist. */
export interface KnownParts {
  readonly retailPlans: readonly { readonly id: number; readonly currency: Currency; readonly carrierPlanIds: readonly number[] }[];
  readonly carrierPlanIds: readonly number[];
  readonly banPlans: readonly { readonly id: number; readonly prefixes: readonly string[] }[];
}

export type VoipPlanCommand = {
  readonly type: 'ComposeVoipPlan';
  /** Whether a plan that exists gets this composition, or a new one is made. */
  readonly replaces: boolean;
  readonly known: KnownParts;
} & VoipPlan & Said<InstantUs>;

export type VoipPlanEvent = {
  readonly type: 'VoipPlanComposed';
  /** 1, 2, 3 … for each plan. */
  readonly revision: number;
  readonly termsChanged: boolean;
  /** The plan's own carrier plans and those of its retail plans. */
  readonly effectiveCarrierPlanIds: readonly number[];
  readonly banPrefixes: readonly BannedPrefix[];
} & VoipPlan & Said<InstantUs>;

export type VoipPlanRefusal =
  | NameTaken
  | { readonly code: 'unknown_plan'; readonly field: string; readonly id: number }
  | { readonly code: 'currency_mismatch'; readonly retailPlanId: number; readonly currency: Currency }
  | { readonly code: 'too_many_bans'; readonly bansMax: number };

/** What is told of a plan is one message of at most 1 MiB, and a banned prefix takes up to 25 bytes of it. */
export const bansMax = 25_000;

type Composed = VoipPlan & { readonly revision: number };

export const voipPlan: Decider<Composed | null, VoipPlanCommand, VoipPlanEvent, VoipPlanRefusal> = {
  name: 'voip-plan',
  initial: null,

  decide(command, composed) {
    const refusal = unknownPart(command, composed) ?? foreignCurrency(command) ?? tooManyBans(command);
    if (refusal !== undefined) return reject(refusal);
    if (composed === null) return compose(command, null);
    if (isSame(command, composed)) return accept();
    return command.replaces ? compose(command, composed) : reject({ code: 'name_taken', id: composed.voipPlanId });
  },

  evolve(_, { type: __, ...event }) {
    return event;
  },
};

function compose({ type: _, replaces: __, known, ...plan }: VoipPlanCommand, before: Composed | null): Decision<VoipPlanEvent, never> {
  const ofRetailPlans = known.retailPlans.flatMap(({ carrierPlanIds }) => carrierPlanIds);
  return accept({
    type: 'VoipPlanComposed',
    ...plan,
    revision: (before?.revision ?? 0) + 1,
    termsChanged: before === null || !sameTerms(before, plan),
    effectiveCarrierPlanIds: [...new Set([...plan.carrierPlanIds, ...ofRetailPlans])],
    banPrefixes: known.banPlans.flatMap(({ id, prefixes }) => prefixes.map((prefix) => ({ prefix, banPlanId: id }))),
  });
}

function unknownPart({ known, ...plan }: VoipPlanCommand, composed: Composed | null): VoipPlanRefusal | undefined {
  if (plan.replaces && composed === null) return { code: 'unknown_plan', field: 'voipPlanId', id: plan.voipPlanId };
  const parts = [
    { field: 'retailPlanIds', named: plan.retailPlanIds, found: known.retailPlans.map(({ id }) => id) },
    { field: 'carrierPlanIds', named: plan.carrierPlanIds, found: known.carrierPlanIds },
    { field: 'banPlanIds', named: plan.banPlanIds, found: known.banPlans.map(({ id }) => id) },
  ];
  for (const { field, named, found } of parts) {
    const id = named.find((each) => !found.includes(each));
    if (id !== undefined) return { code: 'unknown_plan', field, id };
  }
  return undefined;
}

/** An account is charged in one currency; carriers may be paid in others. */
function foreignCurrency({ currency, known }: VoipPlanCommand): VoipPlanRefusal | undefined {
  const foreign = known.retailPlans.find((plan) => plan.currency !== currency);
  return foreign && { code: 'currency_mismatch', retailPlanId: foreign.id, currency: foreign.currency };
}

function tooManyBans({ known }: VoipPlanCommand): VoipPlanRefusal | undefined {
  const bans = known.banPlans.reduce((sum, { prefixes }) => sum + prefixes.length, 0);
  return bans > bansMax ? { code: 'too_many_bans', bansMax } : undefined;
}

function isSame(command: VoipPlan, composed: Composed): boolean {
  return (
    command.name === composed.name &&
    sameTerms(command, composed) &&
    sameIds(command.retailPlanIds, composed.retailPlanIds) &&
    sameIds(command.carrierPlanIds, composed.carrierPlanIds) &&
    sameIds(command.banPlanIds, composed.banPlanIds)
  );
}
