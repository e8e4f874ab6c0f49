import type { ReadModel, Sql } from '@tollwire/event-store';
import { streamPrefixes } from '../cards/card-projections.ts';
import type { AccountEvent } from '../domain/account.ts';

type GatewaysAllowed = Extract<AccountEvent, { type: 'GatewaysAllowed' }>;

/** The documented tables `userprofile_gateway` and `userprofile_voipservergroup`: which gateways the calls of a customer may use. */
export const gatewayLinks: ReadModel<AccountEvent> = {
  name: 'gateway-links',
  table: 'userprofile_gateway',
  streamPrefix: streamPrefixes.account,
  async apply(tx, recorded) {
    for (const { event } of recorded) if (event.type === 'GatewaysAllowed') await replace(tx, event);
  },
  async clear(tx) {
    await tx.query('LOCK TABLE userprofile_gateway, userprofile_voipservergroup IN EXCLUSIVE MODE');
    await tx.query('DELETE FROM userprofile_gateway');
    await tx.query('DELETE FROM userprofile_voipservergroup');
  },
};

async function replace(tx: Sql, { customerId, gatewayIds, gatewayGroupIds }: GatewaysAllowed): Promise<void> {
  await tx.query('DELETE FROM userprofile_gateway WHERE customer_id = $1', [customerId]);
  await tx.query('DELETE FROM userprofile_voipservergroup WHERE customer_id = $1', [customerId]);
  await tx.query('INSERT INTO userprofile_gateway (customer_id, gateway_id) SELECT $1, id FROM unnest($2::int[]) AS l (id)', [customerId, gatewayIds]);
  await tx.query('INSERT INTO userprofile_voipservergroup (customer_id, voipservergroup_id) SELECT $1, id FROM unnest($2::int[]) AS l (id)', [customerId, gatewayGroupIds]);
}

/** Of the customer `p`, as columns of a statement. */
export const gatewayColumns = `
  array(SELECT g.gateway_id FROM userprofile_gateway g WHERE g.customer_id = p.customer_id ORDER BY 1) AS gateway_ids,
  array(SELECT g.voipservergroup_id FROM userprofile_voipservergroup g WHERE g.customer_id = p.customer_id ORDER BY 1) AS gateway_group_ids`;
