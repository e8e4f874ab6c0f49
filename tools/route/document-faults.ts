import type { RouteDocument } from './document.schema.ts';

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What no field by itself shows: names that are taken, and names of what the document does not have. */
export function documentFaults(document: RouteDocument): Fault[] {
  return [...namesTwice(document), ...prefixesTwice(document), ...carriersTwice(document), ...namesOfNothing(document)];
}

function namesTwice({ plans, retailPlans, carriers, accounts, countries, switches, calls }: RouteDocument): Fault[] {
  const lists = [
    ['plans', 'name', plans.map(({ name }) => name)],
    ['retailPlans', 'name', retailPlans.map(({ name }) => name)],
    ['carriers', 'code', carriers.map(({ code }) => code)],
    ['accounts', 'account', accounts.map(({ account }) => account)],
    ['countries', 'country', countries.map(({ country }) => country)],
    ['switches', 'name', switches.map(({ name }) => name)],
    ['calls', 'id', calls.map(({ id }) => id)],
  ] as const;
  return lists.flatMap(([list, field, names]) => takenTwice(names).map(({ at, by }) => ({ path: [list, at, field], message: `is taken by ${list}[${by}]` })));
}

function takenTwice(names: readonly string[]): { readonly at: number; readonly by: number }[] {
  const first = new Map<string, number>();
  return names.flatMap((name, at) => {
    const by = first.get(name);
    if (by === undefined) first.set(name, at);
    return by === undefined ? [] : [{ at, by }];
  });
}

/** Of two static routes of one prefix nobody could tell which counts. */
function prefixesTwice({ plans }: RouteDocument): Fault[] {
  return plans.flatMap(({ routing: { staticRoutes } }, plan) => takenTwice(staticRoutes.map(({ prefix }) => prefix))
    .map(({ at, by }) => ({ path: ['plans', plan, 'routing', 'staticRoutes', at, 'prefix'], message: `is taken by staticRoutes[${by}]` })));
}

/** A carrier appears once in a route, so in two places of one nobody could tell which is meant. */
function carriersTwice({ plans }: RouteDocument): Fault[] {
  return plans.flatMap(({ routing: { staticRoutes } }, plan) => staticRoutes.flatMap(({ carriers }, route) => takenTwice(carriers)
    .map(({ at, by }) => ({ path: ['plans', plan, 'routing', 'staticRoutes', route, 'carriers', at], message: `is taken by carriers[${by}]` }))));
}

function namesOfNothing(document: RouteDocument): Fault[] {
  const names = {
    plan: new Set(document.plans.map(({ name }) => name)),
    'retail plan': new Set(document.retailPlans.map(({ name }) => name)),
    carrier: new Set(document.carriers.map(({ code }) => code)),
    country: new Set(document.countries.map(({ country }) => country)),
    switch: new Set(document.switches.map(({ name }) => name)),
  };
  const unknown = (what: keyof typeof names, named: string, ...path: (string | number)[]): Fault[] =>
    names[what].has(named) ? [] : [{ path, message: `names no ${what} of this document` }];
  const inList = (list: 'whitelist' | 'blacklist', entries: readonly string[], at: number): Fault[] =>
    entries.flatMap((entry, index) => (/^\d/.test(entry) ? [] : unknown('country', entry, 'plans', at, 'routing', list, index)));
  return [
    ...document.plans.flatMap(({ retailPlans = [], carriers = [], routing }, at) => [
      ...retailPlans.flatMap(({ plan }, index) => unknown('retail plan', plan, 'plans', at, 'retailPlans', index, 'plan')),
      ...carriers.flatMap((code, index) => unknown('carrier', code, 'plans', at, 'carriers', index)),
      ...Object.keys(routing.metrics).flatMap((code) => unknown('carrier', code, 'plans', at, 'routing', 'metrics', code)),
      ...routing.staticRoutes.flatMap((route, index) => route.carriers.flatMap((code, place) =>
        unknown('carrier', code, 'plans', at, 'routing', 'staticRoutes', index, 'carriers', place))),
      ...inList('whitelist', routing.whitelist, at),
      ...inList('blacklist', routing.blacklist, at),
    ]),
    ...document.carriers.flatMap(({ sellBy }, at) => (sellBy === undefined ? [] : unknown('retail plan', sellBy, 'carriers', at, 'sellBy'))),
    ...document.accounts.flatMap(({ plan }, at) => unknown('plan', plan, 'accounts', at, 'plan')),
    ...document.calls.flatMap(({ switch: named, attempts }, at) => [
      ...(named === undefined ? [] : unknown('switch', named, 'calls', at, 'switch')),
      ...attempts.flatMap(({ carrier }, index) => unknown('carrier', carrier, 'calls', at, 'attempts', index, 'carrier')),
    ]),
  ];
}
