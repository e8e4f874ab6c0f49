import { create } from '@bufbuild/protobuf';
import { chargeTermsMessageOf, DeckKind, RoundingMode, SellTermsSetSchema, VoipPlanComposedSchema } from '@tollwire/contracts';
import { assert, present } from '@tollwire/core';
import type { DeckInForce } from '@tollwire/rate-decks';
import type { ChargeTerms } from '@tollwire/telecom';
import { noTables, type RatingTables } from '../domain/tables.ts';
import { type CatalogState, compile } from '../spread/compile.ts';
import { refOfPlan } from '../wire/plan-ref.ts';
import { deckContentOf, type DeckContent, type RatesSeen } from './deck.ts';
import type { PriceDocument, StatedPlan, StatedRetailPlan } from './document.schema.ts';
import { exchangeRatesOf } from './exchange-rates.ts';
import { usOfWritten, type WrittenInstant } from './local-instant.ts';
import { isMade, madeContentOf, type MakeRates } from './made-deck.ts';
import { chargeTermsOfStated } from './rates.schema.ts';
import { isVoipPlan, ownRetailId, planRefOf } from './stated-plans.ts';

const MODES = { up: RoundingMode.UP, down: RoundingMode.DOWN, half_up: RoundingMode.HALF_UP } as const;

/**
 * The document compiled as rating compiles what the catalog has in force: decks in the form in which they are published,
 * each plan's composition and terms, by the same function.
 */
export async function tablesOf(document: PriceDocument, seen: RatesSeen, make?: MakeRates): Promise<RatingTables> {
  const decks = decksOf(document, seen, make);
  const chunks = new Map(decks.map(({ deck, content }) => [deck.digest, content.chunk]));
  const state: CatalogState = {
    decks: decks.map(({ deck }) => deck),
    planHistory: {
      voipPlans: document.plans.flatMap((plan, at) => (isVoipPlan(plan) ? [composed(document, plan, at)] : [])),
      sellTerms: document.plans.map(({ name }, at) => sellTerms(document, name, at)),
    },
    exchangeRates: exchangeRatesOf(document),
    async *chunks({ digest }) {
      const chunk = chunks.get(digest);
      if (chunk !== undefined) yield chunk;
    },
  };
  return compile(state, noTables, (error) => assert(false, error instanceof Error ? error.message : String(error)));
}

interface StatedDeckInForce {
  readonly deck: DeckInForce;
  readonly content: DeckContent;
}

function decksOf(document: PriceDocument, seen: RatesSeen, make: MakeRates | undefined): StatedDeckInForce[] {
  const soldBy = (plan: StatedPlan | StatedRetailPlan, common: Partial<ChargeTerms>): DeckContent =>
    isMade(plan) ? madeContentOf(document, plan, common, seen, present(make, 'a maker of rates')) : deckContentOf(plan, common, seen);
  return [
    ...document.plans.map((plan, at) => {
      const owner = isVoipPlan(plan) ? { kind: DeckKind.RETAIL, ownerId: ownRetailId(document, at) } : { kind: DeckKind.TARIFF, ownerId: at + 1 };
      return inForce({ ...owner, currency: plan.currency, carrierCode: '' }, soldBy(plan, {}));
    }),
    ...document.retailPlans.map((plan, at) =>
      inForce({ kind: DeckKind.RETAIL, ownerId: at + 1, currency: plan.currency, carrierCode: '' }, soldBy(plan, chargeTermsOfStated(plan)))),
    ...document.carriers.map((carrier, at) =>
      inForce({ kind: DeckKind.CARRIER, ownerId: at + 1, currency: carrier.currency, carrierCode: carrier.code }, deckContentOf(carrier, chargeTermsOfStated(carrier), seen))),
  ];
}

type DeckOwner = Pick<DeckInForce, 'kind' | 'ownerId' | 'currency' | 'carrierCode'>;

function inForce(owner: DeckOwner, content: DeckContent): StatedDeckInForce {
  const always = { activation: 1, version: 1, validFromUs: 0, validUntilUs: Infinity, withdrawnAtUs: undefined };
  return { deck: { ...owner, ...always, digest: content.digest, rateCount: content.chunk.prefix.length, chunkCount: 1 }, content };
}

function composed(document: PriceDocument, { name, timeZone, retailPlans = [], carriers }: StatedPlan, at: number) {
  const linked = retailPlans.toSorted((one, other) => one.metric - other.metric);
  const positions = (names: readonly string[], all: readonly string[]): number[] => names.map((each) => all.indexOf(each) + 1);
  const carrierCodes = document.carriers.map(({ code }) => code);
  const usOf = (written: WrittenInstant | undefined) => (written === undefined ? 0n : BigInt(usOfWritten(written, timeZone)));
  const retailPlanIds = [ownRetailId(document, at), ...positions(linked.map(({ plan }) => plan), document.retailPlans.map((plan) => plan.name))];
  const bounds = [{}, ...linked.map((link) => ({ validFromUs: usOf(link.validFrom), validUntilUs: usOf(link.validUntil), carrierCodes: link.carriers ?? [] }))];
  return create(VoipPlanComposedSchema, {
    voipPlanId: at + 1,
    revision: 1,
    name,
    retailPlanIds,
    retailLinks: retailPlanIds.map((retailPlanId, index) => ({ retailPlanId, ...bounds[index] })),
    carrierPlanIds: positions(carriers ?? carrierCodes, carrierCodes),
  });
}

function sellTerms(document: PriceDocument, name: string, at: number) {
  const plan = document.plans[at];
  const ref = planRefOf(document, name);
  assert(plan !== undefined && ref !== undefined, `there is a plan ${name}`);
  return create(SellTermsSetSchema, {
    plan: refOfPlan(ref),
    revision: 1,
    currency: plan.currency,
    roundingDecimals: plan.rounding.decimals,
    roundingMode: MODES[plan.rounding.mode],
    terms: chargeTermsMessageOf(chargeTermsOfStated(plan)),
    windowsByStart: plan.windowPolicy === 'start',
  });
}
