import type { Carrier } from './carriers.ts';
import type { Gateway, NamedGateway } from './provider.ts';
import { draw } from './route-order.ts';

/** Which gateways a customer may use: by themselves, or by a group that they are in. Both empty: all. */
export interface GatewayAccess {
  readonly gatewayIds: ReadonlySet<number>;
  readonly groupIds: ReadonlySet<number>;
}

/** A gateway that a call may be sent to; without a name the provider's only one. */
export interface OfferedGateway {
  readonly name: string;
  readonly gateway: Gateway;
}

/** Whether a customer may use a gateway at all. */
function isAllowed({ gatewayId, groupIds, active }: NamedGateway, access: GatewayAccess | undefined): boolean {
  return active && (access === undefined || access.gatewayIds.has(gatewayId) || groupIds.some((id) => access.groupIds.has(id)));
}

/** Whether a carrier has a gateway that the customer may use. Its only one, which is in no group, is for customers who may use all. */
export function hasGateway({ gateways }: Pick<Carrier, 'gateways'>, access: GatewayAccess | undefined): boolean {
  return gateways === undefined ? access === undefined : gateways.some((each) => isAllowed(each, access));
}

/**
 * The gateways of a carrier that a customer may use, in the order in which they are tried: by priority, the lower first, and among equal ones
 * drawn from the call id in shares by weight, so that the same call has the same order again.
 */
export function gatewaysFor({ carrierCode, gateway, gateways }: Carrier, access: GatewayAccess | undefined, callId: string): readonly OfferedGateway[] {
  if (gateways === undefined) return [{ name: '', gateway }];
  const placed = gateways.filter((each) => isAllowed(each, access))
    .map((each) => ({ each, drawn: draw(`${callId}/${carrierCode}/${each.name}`, each.weight) }));
  placed.sort((one, other) => one.each.priority - other.each.priority || Number(one.drawn > other.drawn) - Number(one.drawn < other.drawn) || (one.each.name < other.each.name ? -1 : 1));
  return placed.map(({ each }) => ({ name: each.name, gateway: each }));
}
