import { accept, type Decider, type Decision, type InstantUs, reject } from '@tollwire/core';
import { decideLife, isLife, isLifeEvent, type LifeCommand, type LifeEvent, type LifeRefusal, lived, type Living } from './plan-life.ts';
import { type NameTaken, type Said, sameIds, sameTerms, type SellTerms } from './sell-terms.ts';

/** A prefix that no call of the plan may begin with, and the ban plan that says so. */
export interface BannedPrefix {
  readonly prefix: string;
  readonly banPlanId: number;
}

/** When something is in force: from (inclusive; null: always was) until (exclusive; null: no end). */
export interface InForce {
  readonly validFrom: InstantUs | null;
  readonly validUntil: InstantUs | null;
}

/** A retail plan of a voip_plan. Of rates with equally long prefixes that of the lower metric counts, of equal metrics that named first. */
export interface RetailLink extends InForce {
  readonly retailPlanId: number;
  readonly metric: number;
  /** What customers pay by over these carriers, and over no other; absent: over all that no link names. */
  readonly carrierCodes?: readonly string[];
}

/** A voip_plan: what an account pays and over whom it is routed, put together from other plans. */
export interface VoipPlan extends SellTerms, InForce {
  readonly voipPlanId: number;
  readonly name: string;
  /** Each retail plan once. */
  readonly retailLinks: readonly RetailLink[];
  /** The plan's own carrier plans; its retail plans may bring more. */
  readonly carrierPlanIds: readonly number[];
  readonly banPlanIds: readonly number[];
}

/** The parts that a composition names, as far as they exist. */
export interface KnownParts {
  readonly retailPlans: readonly { readonly id: number; readonly carrierPlanIds: readonly number[] }[];
  readonly carrierPlanIds: readonly number[];
  readonly banPlans: readonly { readonly id: number; readonly prefixes: readonly string[] }[];
}

export type VoipPlanCommand =
  | ({
      readonly type: 'ComposeVoipPlan';
      /** Whether a plan that exists gets this composition, or a new one is made. */
      readonly replaces: boolean;
      readonly known: KnownParts;
    } & VoipPlan & Said<InstantUs>)
  | ({ readonly voipPlanId: number } & LifeCommand);

type ComposeVoipPlan = VoipPlanCommand & { readonly type: 'ComposeVoipPlan' };

/** What was recorded before links had metrics and dates has only the ids. */
type RecordedLinks = Omit<VoipPlan, 'retailLinks' | keyof InForce> & Partial<Pick<VoipPlan, 'retailLinks' | keyof InForce>>;

export type VoipPlanComposed = {
  readonly type: 'VoipPlanComposed';
  /** 1, 2, 3 … for each plan. */
  readonly revision: number;
  readonly termsChanged: boolean;
  /** By metric, then as they were named. */
  readonly retailPlanIds: readonly number[];
  /** The plan's own carrier plans and those of its retail plans. */
  readonly effectiveCarrierPlanIds: readonly number[];
  readonly banPrefixes: readonly BannedPrefix[];
} & RecordedLinks & Said<InstantUs>;

export type VoipPlanEvent = VoipPlanComposed | Exclude<LifeEvent, { readonly type: 'PlanRenamed' }>;

export type VoipPlanRefusal =
  | NameTaken
  | LifeRefusal
  | { readonly code: 'too_many_bans'; readonly bansMax: number };

/** What is told of a plan is one message of at most 1 MiB, and a banned prefix takes up to 25 bytes of it. */
export const bansMax = 25_000;

type Composed = Living<Omit<VoipPlanComposed, 'type' | 'retailLinks' | keyof InForce> & VoipPlan>;

export const voipPlan: Decider<Composed | null, VoipPlanCommand, VoipPlanEvent, VoipPlanRefusal> = {
  name: 'voip-plan',
  initial: null,

  decide(command, composed) {
    if (isLife(command)) return live(command, composed);
    if (composed?.deleted) return reject({ code: 'unknown_plan', field: 'voipPlanId', id: command.voipPlanId });
    const refusal = unknownPart(command, composed) ?? tooManyBans(command);
    if (refusal !== undefined) return reject(refusal);
    if (composed === null) return compose(command, null);
    if (isSame(command, composed)) return accept();
    return command.replaces ? compose(command, composed) : reject({ code: 'name_taken', id: composed.voipPlanId });
  },

  evolve(plan, event) {
    if (isLifeEvent(event)) return lived(plan, event);
    const { type: _, ...composed } = event;
    return { ...composed, ...linksOf(event), validFrom: event.validFrom ?? null, validUntil: event.validUntil ?? null };
  },
};

/** The links of a composition; those recorded before links had metrics and dates are plain. */
export function linksOf({ retailLinks, retailPlanIds }: Pick<VoipPlanComposed, 'retailLinks' | 'retailPlanIds'>): { readonly retailLinks: readonly RetailLink[] } {
  return { retailLinks: retailLinks ?? retailPlanIds.map((retailPlanId) => ({ retailPlanId, metric: 0, validFrom: null, validUntil: null })) };
}

/** A new name is a new composition, because everybody is told the plan as a whole. */
function live(command: LifeCommand & { readonly voipPlanId: number }, composed: Composed | null): Decision<VoipPlanEvent, VoipPlanRefusal> {
  const decision = decideLife(command, composed, command.voipPlanId);
  if (!decision.accepted || composed === null) return decision.accepted ? accept() : decision;
  const { deleted: _, ...plan } = composed;
  return accept(...decision.events.map((event): VoipPlanEvent => {
    if (event.type === 'PlanDeleted') return event;
    return { ...plan, type: 'VoipPlanComposed', name: event.name, revision: plan.revision + 1, termsChanged: false, by: event.by, at: event.at };
  }));
}

function compose({ type: _, replaces: __, known, ...plan }: ComposeVoipPlan, before: Composed | null): Decision<VoipPlanEvent, never> {
  const ofRetailPlans = known.retailPlans.flatMap(({ carrierPlanIds }) => carrierPlanIds);
  const retailLinks = plan.retailLinks.toSorted((a, b) => a.metric - b.metric);
  return accept({
    type: 'VoipPlanComposed',
    ...plan,
    retailLinks,
    retailPlanIds: retailLinks.map(({ retailPlanId }) => retailPlanId),
    revision: (before?.revision ?? 0) + 1,
    termsChanged: before === null || !sameTerms(before, plan),
    effectiveCarrierPlanIds: [...new Set([...plan.carrierPlanIds, ...ofRetailPlans])],
    banPrefixes: known.banPlans.flatMap(({ id, prefixes }) => prefixes.map((prefix) => ({ prefix, banPlanId: id }))),
  });
}

function unknownPart({ known, ...plan }: ComposeVoipPlan, composed: Composed | null): VoipPlanRefusal | undefined {
  if (plan.replaces && composed === null) return { code: 'unknown_plan', field: 'voipPlanId', id: plan.voipPlanId };
  const parts = [
    { field: 'retailPlanIds', named: plan.retailLinks.map(({ retailPlanId }) => retailPlanId), found: known.retailPlans.map(({ id }) => id) },
    { field: 'carrierPlanIds', named: plan.carrierPlanIds, found: known.carrierPlanIds },
    { field: 'banPlanIds', named: plan.banPlanIds, found: known.banPlans.map(({ id }) => id) },
  ];
  for (const { field, named, found } of parts) {
    const id = named.find((each) => !found.includes(each));
    if (id !== undefined) return { code: 'unknown_plan', field, id };
  }
  return undefined;
}

function tooManyBans({ known }: ComposeVoipPlan): VoipPlanRefusal | undefined {
  const bans = known.banPlans.reduce((sum, { prefixes }) => sum + prefixes.length, 0);
  return bans > bansMax ? { code: 'too_many_bans', bansMax } : undefined;
}

function isSame(command: VoipPlan, composed: Composed): boolean {
  return (
    command.name === composed.name &&
    sameTerms(command, composed) &&
    command.validFrom === composed.validFrom &&
    command.validUntil === composed.validUntil &&
    sameLinks(command.retailLinks, composed.retailLinks) &&
    sameIds(command.carrierPlanIds, composed.carrierPlanIds) &&
    sameIds(command.banPlanIds, composed.banPlanIds)
  );
}

/** Which retail plan goes first is part of what a composition is. */
function sameLinks(asked: readonly RetailLink[], links: readonly RetailLink[]): boolean {
  const sorted = asked.toSorted((a, b) => a.metric - b.metric);
  return sorted.length === links.length && sorted.every((link, at) => {
    const other = links[at];
    return other?.retailPlanId === link.retailPlanId && other.metric === link.metric && other.validFrom === link.validFrom && other.validUntil === link.validUntil
      && sameTexts(other.carrierCodes ?? [], link.carrierCodes ?? []);
  });
}

function sameTexts(one: readonly string[], other: readonly string[]): boolean {
  return one.length === other.length && one.every((text, at) => text === other[at]);
}
