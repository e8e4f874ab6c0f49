import type { RouteDocument } from './document.schema.ts';

interface Fault {
  readonly path: readonly (string | number)[];
  readonly message: string;
}

/** What no field by itself shows: names that are taken, and names of what the document does not have. */
export function documentFaults(document: RouteDocument): Fault[] {
  return [...namesTwice(document), ...namesOfNothing(document)];
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
  return lists.flatMap(([list, field, names]) =>
    names.flatMap((each, at) => (names.indexOf(each) === at ? [] : [{ path: [list, at, field], message: `is taken by ${list}[${names.indexOf(each)}]` }])));
}

function namesOfNothing(document: RouteDocument): Fault[] {
  const names = {
    plan: document.plans.map(({ name }) => name),
    'retail plan': document.retailPlans.map(({ name }) => name),
    carrier: document.carriers.map(({ code }) => code),
    country: document.countries.map(({ country }) => country),
    switch: document.switches.map(({ name }) => name),
  };
  const unknown = (what: keyof typeof names, named: string, ...path: (string | number)[]): Fault[] =>
    names[what].includes(named) ? [] : [{ path, message: `names no ${what} of this document` }];
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
    ...document.calls.flatMap(({ switch: named }, at) => (named === undefined ? [] : unknown('switch', named, 'calls', at, 'switch'))),
  ];
}
