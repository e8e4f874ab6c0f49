import { create } from '@bufbuild/protobuf';
import {
  AppendDeckImportRequestSchema, BeginDeckImportRequestSchema, type CatalogService, type CodedRefusal, type DeckVersion, FinishDeckImportRequestSchema,
  type MakeDeckRequest,
} from '@tollwire/contracts';
import { type InstantUs, ok, present, refuse, type Result } from '@tollwire/core';
import { exchangeFactor, type ExchangeRates, explainExchange, type UsedExchangeRate } from '@tollwire/telecom';
import type { RequestContext, ServiceImplementation } from '@tollwire/messaging';
import type { Aggregates, CatalogDeps } from '../catalog.deps.ts';
import { deckFields } from '../decks/deck-answers.ts';
import { deckIdOf } from '../decks/deck-projections.ts';
import { type ListedDeck, readActivations } from '../decks/deck-reads.ts';
import { readContent } from '../diff/read-content.ts';
import { type MakeSource, madeRates } from '../domain/made-rates.ts';
import { RateColumns } from '../domain/rate-columns.ts';
import type { DeckKind } from '../domain/rate-deck.ts';
import { exchangeRatesOf } from '../exchange/exchange-rate-reads.ts';
import { type DeckOwner, readPlan } from '../import/deck-owner.ts';
import { inSlices, withPauses } from '../in-slices.ts';
import { byField } from '../wire/fields.ts';
import { instantUsOf } from '../wire/instant.ts';
import type { deckVersionOf } from '../wire/messages.ts';
import { metaOf } from '../wire/meta.ts';
import { deckRefusalOf } from '../wire/refusals.ts';
import { csvPieces } from './made-csv.ts';
import { makeRuleOf, ruleText } from './make-rule.ts';

type Imports = Pick<ServiceImplementation<typeof CatalogService>, 'beginDeckImport' | 'appendDeckImport' | 'finishDeckImport'>;

/** A carrier's deck that rates are made from. */
interface Source {
  readonly carrierPlanId: number;
  readonly deck: ListedDeck;
  /** By which its amounts get into the currency of the plan; none where they are in it. */
  readonly exchangeRates: readonly UsedExchangeRate[];
}

/**
 * Makes a version from the decks that carrier plans have in force, and imports it as any file is: it is compared,
 * approved and activated by others, and shows its origin. Made twice of the same, it is one version.
 */
export function makeAnswers(deps: CatalogDeps, { decks }: Aggregates, imports: Imports): Pick<ServiceImplementation<typeof CatalogService>, 'makeDeck'> {
  return {
    async makeDeck(request, context) {
      const [owner, rule, by] = [ownerFields(request), makeRuleOf(request), byField(request.by)];
      if (!owner.ok) return owner;
      if (!rule.ok) return rule;
      if (!by.ok) return by;
      if (request.atUs < 0n) return refuse({ code: 'field_out_of_range', field: 'atUs', detail: 'Give an instant, or none for now.' });
      const at = request.atUs === 0n ? deps.clock.nowUs() : instantUsOf(request.atUs);
      const sources = await sourcesOf(deps, owner.value, request.carrierPlanIds, at);
      if (!sources.ok) return sources;
      const carriers: MakeSource[] = [];
      for (const { deck, exchangeRates } of sources.value) carriers.push({ rates: await readContent(deps.database, deck), exchange: exchangeFactor(exchangeRates) });
      const inForce = await inForceAt(deps, owner.value, at);
      const fixed = inForce === undefined ? new RateColumns(0) : await readContent(deps.database, inForce);
      const contents = carriers.map(({ rates }) => rates);
      const zone = windowZoneOf(rule.value.policy === 'carrier_plus_margin' ? contents : [...contents, fixed]);
      if (!zone.ok) return zone;
      const made = await inSlices(madeRates({ carriers, fixed, atUs: at, rule: rule.value }));
      const imported = await importMade(imports, { kind: request.kind, ownerId: request.ownerId, by: by.value, layout: { windowZone: zone.value } }, made, context);
      if (!imported.ok) return imported;
      const beside = rule.value.policy === 'carrier_plus_margin' || inForce === undefined ? '' : ` beside version ${inForce.version}`;
      const origin = `made from ${sources.value.map(sourceText).join(', ')}${beside}: ${ruleText(rule.value)}`;
      const command = { type: 'NoteOrigin', digest: imported.value.digest, origin, by: by.value, at: deps.clock.nowUs() } as const;
      const noted = await decks.handle(deckIdOf(owner.value), command, metaOf(context));
      return noted.ok ? ok({ deck: imported.value, origin }) : refuse(deckRefusalOf(noted.refusal));
    },
  };
}

function ownerFields(request: MakeDeckRequest): Result<{ kind: DeckKind; ownerId: number }, CodedRefusal> {
  const owner = deckFields(request);
  if (owner.ok && owner.value.kind === 'carrier') return refuse({ code: 'field_malformed', field: 'kind', detail: 'Give kind as tariff or retail: what a carrier charges is not made.' });
  return owner;
}

async function sourcesOf(
  deps: CatalogDeps,
  owner: { readonly kind: DeckKind; readonly ownerId: number },
  carrierPlanIds: readonly number[],
  at: InstantUs,
): Promise<Result<readonly Source[], CodedRefusal>> {
  const plan = await readPlan(deps.database, owner);
  if (plan === undefined) return refuse(unknownPlan('ownerId', owner.kind, owner.ownerId));
  const known = await exchangeRatesOf(deps.database);
  const sources: Source[] = [];
  for (const carrierPlanId of new Set(carrierPlanIds)) {
    const source = await sourceOf(deps, plan, carrierPlanId, at, known);
    if (!source.ok) return source;
    sources.push(source.value);
  }
  return ok(sources);
}

async function sourceOf(
  deps: CatalogDeps, { currency }: DeckOwner, carrierPlanId: number, at: InstantUs, known: ExchangeRates,
): Promise<Result<Source, CodedRefusal>> {
  const of = { kind: 'carrier', ownerId: carrierPlanId } as const;
  const carrier = await readPlan(deps.database, of);
  if (carrier === undefined) return refuse(unknownPlan('carrierPlanIds', 'carrier', carrierPlanId));
  const exchange = carrier.currency === currency ? { rates: [] } : known.at(carrier.currency, currency, at);
  if (exchange === undefined) {
    return refuse({
      code: 'no_exchange_rate', field: 'carrierPlanIds', facts: { id: String(carrierPlanId), currency: carrier.currency },
      detail: `Carrier plan ${carrierPlanId} is in ${carrier.currency}, and no exchange rate leads to ${currency} then; set one.`,
    });
  }
  const deck = await inForceAt(deps, of, at);
  if (deck === undefined) {
    return refuse({ code: 'not_in_force', field: 'carrierPlanIds', facts: { id: String(carrierPlanId) }, detail: `Carrier plan ${carrierPlanId} has no deck in force then; activate one.` });
  }
  return ok({ carrierPlanId, deck, exchangeRates: exchange.rates });
}

function sourceText({ carrierPlanId, deck, exchangeRates }: Source): string {
  const exchanged = exchangeRates.length === 0 ? '' : ` at ${explainExchange(exchangeRates)}`;
  return `carrier plan ${carrierPlanId} version ${deck.version}${exchanged}`;
}

/** By whose clocks the windows of all these go; a deck has one zone. Empty where there are no windows. */
function windowZoneOf(contents: readonly RateColumns[]): Result<string, CodedRefusal> {
  const zones = [...new Set(contents.filter(({ hasWindows }) => hasWindows).map(({ timeZone }) => (timeZone === '' ? 'UTC' : timeZone)))];
  const [zone = ''] = zones;
  if (zones.length <= 1) return ok(zone);
  return refuse({
    code: 'field_malformed', field: 'carrierPlanIds', facts: { zones: zones.join(', ') },
    detail: `Their windows go by the clocks of ${zones.join(' and ')}; a deck has one zone: make it from those of one.`,
  });
}

function unknownPlan(field: string, kind: DeckKind, id: number): CodedRefusal {
  return { code: 'unknown_plan', field, facts: { id: String(id) }, detail: `There is no ${kind} plan ${id}; create it first.` };
}

async function inForceAt({ database }: CatalogDeps, owner: { readonly kind: DeckKind; readonly ownerId: number }, at: InstantUs): Promise<ListedDeck | undefined> {
  const activations = await readActivations(database, owner);
  return activations.find(({ validFrom, validUntil }) => validFrom <= at && (validUntil === null || at < validUntil))?.deck;
}

/** By the way of every file, so that there is one way to a version. */
async function importMade(
  imports: Imports,
  deck: { readonly kind: MakeDeckRequest['kind']; readonly ownerId: number; readonly by: string; readonly layout: { readonly windowZone: string } },
  made: RateColumns,
  context: RequestContext,
): Promise<Result<DeckVersion | ReturnType<typeof deckVersionOf> & { digest: string }, CodedRefusal>> {
  const begun = await imports.beginDeckImport(create(BeginDeckImportRequestSchema, deck), context);
  if (!begun.ok) return begun;
  const importId = begun.value.importId ?? '';
  let sequence = 0;
  for await (const csv of withPauses(csvPieces(made))) {
    const appended = await imports.appendDeckImport(create(AppendDeckImportRequestSchema, { importId, sequence, csv }), context);
    if (!appended.ok) return appended;
    sequence += 1;
  }
  const finished = await imports.finishDeckImport(create(FinishDeckImportRequestSchema, { importId }), context);
  if (!finished.ok) return finished;
  const version = present(finished.value.deck, 'the version of a finished import');
  return ok({ ...version, digest: present(version.digest, 'its digest') });
}
