import { PlanKind as WireKind } from '@tollwire/contracts';

/** The kinds of plans; each has ids and names of its own. */
export type PlanKind = 'tariff' | 'retail' | 'carrier' | 'ban' | 'voip';

const wireKinds: Readonly<Record<PlanKind, WireKind>> = {
  tariff: WireKind.TARIFF,
  retail: WireKind.RETAIL,
  carrier: WireKind.CARRIER,
  ban: WireKind.BAN,
  voip: WireKind.VOIP,
};

/** The kind that a message names, or undefined where it names none. */
export function planKindOf(kind: WireKind): PlanKind | undefined {
  return (['tariff', 'retail', 'carrier', 'ban', 'voip'] as const).find((each) => wireKinds[each] === kind);
}

export function wirePlanKindOf(kind: PlanKind): WireKind {
  return wireKinds[kind];
}
