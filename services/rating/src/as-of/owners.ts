import { DeckKind, type SellTermsSet, type VoipPlanComposed } from '@tollwire/contracts';
import type { PlanRef } from '../domain/tables.ts';

/** Whose deck: a tariff, a retail plan or a carrier plan. */
export interface DeckOwner {
  readonly kind: DeckKind;
  readonly ownerId: number;
}

/** The plans as they are, and the decks that are known here. */
export interface KnownPlans {
  readonly voipPlans: readonly Pick<VoipPlanComposed, 'voipPlanId' | 'retailPlanIds' | 'carrierPlanIds'>[];
  readonly sellTerms: readonly Pick<SellTermsSet, 'plan'>[];
  readonly owners: readonly DeckOwner[];
}

/** Whose decks a plan sells by, and with `buys` whose it buys by; without a plan those of all. Each once. */
export function ownersOf({ plan, buys }: { readonly plan: PlanRef | undefined; readonly buys: boolean }, known: KnownPlans): DeckOwner[] {
  const composed = plan === undefined ? known.voipPlans : known.voipPlans.filter(({ voipPlanId }) => plan.kind === 'voip_plan' && voipPlanId === plan.id);
  const tariffIds = plan === undefined ? known.sellTerms.flatMap(tariffIdOf) : plan.kind === 'tariff' ? [plan.id] : [];
  const sells = [
    ...tariffIds.map((ownerId) => ({ kind: DeckKind.TARIFF, ownerId })),
    ...composed.flatMap(({ retailPlanIds }) => retailPlanIds.map((ownerId) => ({ kind: DeckKind.RETAIL, ownerId }))),
    ...(plan === undefined ? known.owners.filter(({ kind }) => kind !== DeckKind.CARRIER) : []),
  ];
  return distinct([...sells, ...(buys ? carriersOf(plan, composed, known) : [])]);
}

/** A tariff buys from whoever there is. */
function carriersOf(plan: PlanRef | undefined, composed: KnownPlans['voipPlans'], { voipPlans, owners }: KnownPlans): DeckOwner[] {
  const plans = plan?.kind === 'voip_plan' ? composed : voipPlans;
  const linked = plans.flatMap(({ carrierPlanIds }) => carrierPlanIds.map((ownerId) => ({ kind: DeckKind.CARRIER, ownerId })));
  return plan?.kind === 'voip_plan' ? linked : [...linked, ...owners.filter(({ kind }) => kind === DeckKind.CARRIER)];
}

const kinds: ReadonlyMap<number, DeckKind> = new Map([DeckKind.TARIFF, DeckKind.RETAIL, DeckKind.CARRIER].map((kind) => [kind, kind]));

/** The owner of a deck that is known here; of no kind of deck that rating knows: none. */
export function ownerOf({ kind, ownerId }: { readonly kind: number; readonly ownerId: number }): DeckOwner[] {
  const known = kinds.get(kind);
  return known === undefined ? [] : [{ kind: known, ownerId }];
}

function tariffIdOf({ plan }: Pick<SellTermsSet, 'plan'>): number[] {
  return plan?.plan.case === 'tariffId' ? [plan.plan.value] : [];
}

function distinct(owners: readonly DeckOwner[]): DeckOwner[] {
  return [...new Map(owners.map((owner) => [`${owner.kind}:${owner.ownerId}`, owner])).values()];
}
