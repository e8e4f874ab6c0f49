import { PlanKind } from '@tollwire/contracts';
import type { EdgeAskers } from '../edge.deps.ts';
import { Refused } from '../http/refused.ts';
import { valueOf } from '../http/reply.ts';

/** What a request names that belongs to another service than the one that it is for: no service knows another's rows, so their owner is asked here. */
interface Named {
  readonly tariffId?: number | undefined;
  readonly voipPlanId?: number | undefined;
}

/** Refuses a tariff or VoIP plan that there is none of. */
export async function knowsPlan(catalog: EdgeAskers['catalog'], { tariffId, voipPlanId }: Named): Promise<void> {
  if (tariffId !== undefined) await knows(catalog, PlanKind.TARIFF, tariffId, 'tariffId');
  if (voipPlanId !== undefined) await knows(catalog, PlanKind.VOIP, voipPlanId, 'voipPlanId');
}

async function knows(catalog: EdgeAskers['catalog'], kind: PlanKind, id: number, field: string): Promise<void> {
  const { plans } = valueOf(await catalog.listPlans({ kind, id }));
  if (plans.length === 0) throw unknownPlan(id, field);
}

function unknownPlan(id: number, field: string): Refused {
  return new Refused({ code: 'unknown_plan', field, detail: `There is none of the number ${id}: create it first, or name one that there is.` });
}

/** The numbers of all carrier plans, page by page. */
async function carrierPlanIds(catalog: EdgeAskers['catalog']): Promise<ReadonlySet<number>> {
  const ids = new Set<number>();
  let afterId = 0;
  do {
    const page = valueOf(await catalog.listPlans({ kind: PlanKind.CARRIER, afterId }));
    for (const { id } of page.plans) ids.add(id);
    afterId = page.nextAfterId;
  } while (afterId !== 0);
  return ids;
}

/** Refuses a reseller that there is none of. */
export async function knowsReseller(card: EdgeAskers['card'], resellerId: number): Promise<void> {
  const { resellers } = valueOf(await card.listResellers({}));
  if (resellers.some((reseller) => reseller.resellerId === resellerId)) return;
  throw new Refused({ code: 'unknown_reseller', field: 'resellerId', detail: `There is none of the number ${resellerId}: register it first, or name one that there is.` });
}

/** What a routing policy names. */
interface RoutedBy {
  readonly staticRoutes?: readonly { readonly carrierCodes: readonly string[] }[] | undefined;
  readonly weights?: readonly { readonly carrierCode: string }[] | undefined;
  readonly metrics?: readonly { readonly carrierPlanId: number }[] | undefined;
}

/** Refuses carriers and carrier plans that there are none of: a policy that names them would route by nothing, unheard. */
export async function knowsCarriers({ routing, catalog }: Pick<EdgeAskers, 'routing' | 'catalog'>, { staticRoutes = [], weights = [], metrics = [] }: RoutedBy): Promise<void> {
  const carrierPlans = metrics.length === 0 ? new Set<number>() : await carrierPlanIds(catalog);
  const at = metrics.findIndex(({ carrierPlanId }) => !carrierPlans.has(carrierPlanId));
  const stray = metrics[at];
  if (stray !== undefined) throw unknownPlan(stray.carrierPlanId, `policy.metrics[${at}].carrierPlanId`);
  const named = [
    ...staticRoutes.flatMap(({ carrierCodes }, at) => carrierCodes.map((code, nth) => ({ code, field: `policy.staticRoutes[${at}].carrierCodes[${nth}]` }))),
    ...weights.map(({ carrierCode: code }, at) => ({ code, field: `policy.weights[${at}].carrierCode` })),
  ];
  if (named.length === 0) return;
  const known = new Set(valueOf(await routing.listProviders({})).providers.map(({ carrierCode }) => carrierCode));
  const unknown = named.find(({ code }) => !known.has(code));
  if (unknown === undefined) return;
  throw new Refused({ code: 'unknown_carrier', field: unknown.field, detail: `There is no carrier ${unknown.code}: register it first, or name one that there is.` });
}

/** Which gateways an account may use. */
interface AllowedGateways {
  readonly gatewayIds: readonly number[];
  readonly gatewayGroupIds: readonly number[];
}

/** Refuses gateways and groups of them that no carrier has: an account that may use those alone would have no route, unheard. */
export async function knowsGateways(routing: EdgeAskers['routing'], { gatewayIds, gatewayGroupIds }: AllowedGateways): Promise<void> {
  if (gatewayIds.length + gatewayGroupIds.length === 0) return;
  const gateways = valueOf(await routing.listProviders({})).providers.flatMap((provider) => provider.gateways);
  refuseStranger('gateway', 'gatewayIds', gatewayIds, new Set(gateways.map(({ gatewayId }) => gatewayId)));
  refuseStranger('group of gateways', 'gatewayGroupIds', gatewayGroupIds, new Set(gateways.flatMap(({ groupIds }) => groupIds)));
}

function refuseStranger(what: string, field: string, ids: readonly number[], known: ReadonlySet<number>): void {
  const at = ids.findIndex((id) => !known.has(id));
  if (at < 0) return;
  const detail = `No carrier has a ${what} of the number ${ids[at]}: agree on it with its carrier first, or name one that there is.`;
  throw new Refused({ code: 'unknown_gateway', field: `${field}[${at}]`, detail });
}
