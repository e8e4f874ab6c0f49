import type { PriceDocument } from './document.schema.ts';
import { usOfWritten, type WrittenInstant } from './local-instant.ts';

/** What a document says that cannot be, and where. */
export interface DocumentContradiction {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** Names that are taken, names of nothing, and validity without a time in it: what no single field shows. */
export function contradictionsIn(document: PriceDocument): DocumentContradiction[] {
  return [...namesTwice(document), ...namesOfNothing(document), ...neverValid(document)];
}

function namesTwice(document: PriceDocument): DocumentContradiction[] {
  const { plans, retailPlans, carriers, cardTypes, cards, accounts, allowances, calls } = document;
  const lists = [
    ['plans', 'name', plans.map((each) => each.name)],
    ['retailPlans', 'name', retailPlans.map((each) => each.name)],
    ['carriers', 'code', carriers.map(({ code }) => code)],
    ['cardTypes', 'name', cardTypes.map((each) => each.name)],
    ['cards', 'card', cards.map(({ card }) => card)],
    ['accounts', 'account', accounts.map(({ account }) => account)],
    ['allowances', 'name', allowances.map((each) => each.name)],
    ['calls', 'id', calls.map(({ id }) => id)],
  ] as const;
  return lists.flatMap(([list, field, names]) => {
    const firsts = new Map(names.map((each, at) => [each, at] as const).reverse());
    return names.flatMap((each, at) => (firsts.get(each) === at ? [] : [{ path: [list, at, field], message: `is taken by ${list}[${firsts.get(each)}]` }]));
  });
}

/** Names, within plans and card types, of what the document does not have. A call that names nobody known is refused instead. */
function namesOfNothing({ plans, retailPlans, carriers, cardTypes, cards, accounts, allowances }: PriceDocument): DocumentContradiction[] {
  const unknown = (known: readonly string[], what: string, named: string, ...path: (string | number)[]): DocumentContradiction[] =>
    known.includes(named) ? [] : [{ path, message: `names no ${what} of this document` }];
  const planNames = plans.map((each) => each.name);
  const retailNames = retailPlans.map((each) => each.name);
  const carrierCodes = carriers.map(({ code }) => code);
  const typeNames = cardTypes.map((each) => each.name);
  return [
    ...plans.flatMap((each, at) => [
      ...(each.retailPlans ?? []).flatMap((link, index) => [
        ...unknown(retailNames, 'retail plan', link.plan, 'plans', at, 'retailPlans', index, 'plan'),
        ...(link.carriers ?? []).flatMap((code, place) => unknown(carrierCodes, 'carrier', code, 'plans', at, 'retailPlans', index, 'carriers', place)),
      ]),
      ...(each.carriers ?? []).flatMap((code, index) => unknown(carrierCodes, 'carrier', code, 'plans', at, 'carriers', index)),
    ]),
    ...[...plans.map((each, at) => ({ ...each, path: ['plans', at] })), ...retailPlans.map((each, at) => ({ ...each, path: ['retailPlans', at] }))].flatMap((each) =>
      (each.madeFrom?.carriers ?? []).flatMap((code, index) => unknown(carrierCodes, 'carrier', code, ...each.path, 'madeFrom', 'carriers', index))),
    ...cardTypes.flatMap((each, at) => unknown(planNames, 'plan', each.plan, 'cardTypes', at, 'plan')),
    ...cards.flatMap((each, at) => unknown(typeNames, 'card type', each.cardType, 'cards', at, 'cardType')),
    ...accounts.flatMap((each, at) => unknown(planNames, 'plan', each.plan, 'accounts', at, 'plan')),
    ...allowances.flatMap(({ plan = planNames[0] ?? '', account, card }, at) => [
      ...unknown(planNames, 'plan', plan, 'allowances', at, 'plan'),
      ...(account === undefined ? [] : unknown(accounts.map((each) => each.account), 'account', account, 'allowances', at, 'account')),
      ...(card === undefined ? [] : unknown(cards.map((each) => each.card), 'card', card, 'allowances', at, 'card')),
    ]),
  ];
}

/** Rates, and allowances, that are over before they begin. */
function neverValid({ plans, retailPlans, carriers, allowances }: PriceDocument): DocumentContradiction[] {
  const lists = [['plans', plans], ['retailPlans', retailPlans], ['carriers', carriers]] as const;
  const message = 'must be after validFrom';
  return [
    ...lists.flatMap(([list, decks]) => decks.flatMap(({ timeZone: zone, rates }, at) =>
      rates.flatMap((rate, index) => (isOver(rate, zone) ? [{ path: [list, at, 'rates', index, 'validUntil'], message }] : [])))),
    ...allowances.flatMap((each, at) => (isOver(each, each.timeZone) ? [{ path: ['allowances', at, 'validUntil'], message }] : [])),
  ];
}

function isOver({ validFrom, validUntil }: { readonly validFrom?: WrittenInstant | undefined; readonly validUntil?: WrittenInstant | undefined }, zone: string): boolean {
  return validUntil !== undefined && usOfWritten(validUntil, zone) <= (validFrom === undefined ? 0 : usOfWritten(validFrom, zone));
}
