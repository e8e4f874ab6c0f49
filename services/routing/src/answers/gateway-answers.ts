import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, SetProviderGatewaysReplySchema, SetProviderGatewaysRequest } from '@tollwire/contracts';
import { ok, present, type Result } from '@tollwire/core';
import type { EventMeta, Sql } from '@tollwire/event-store';
import { loadCarriers } from '../live/load-carriers.ts';
import type { RoutingDeps } from '../routing.deps.ts';
import { namedGatewayFields } from '../wire/fields.ts';
import { gatewayMessage } from './gateway-listing.ts';
import { carryOut } from './provider-answers.ts';

// One that is there already is given back, too.
const groupsNamed = `
  with made as (insert into gateway_group (name) select unnest($1::text[]) on conflict (name) do nothing returning group_id, name)
  select group_id, name from made union select group_id, name from gateway_group where name = any($1::text[])`;

/** Agrees on the gateways of a provider as a whole. One that keeps its name keeps its id. */
export async function setProviderGateways(
  deps: RoutingDeps, { carrierCode, gateways, by }: SetProviderGatewaysRequest, meta: EventMeta,
): Promise<Result<MessageInitShape<typeof SetProviderGatewaysReplySchema>, CodedRefusal>> {
  const stated = namedGatewayFields(gateways);
  if (!stated.ok) return stated;
  const groups = await groupIds(deps.database, [...new Set(stated.value.flatMap((each) => each.groups))]);
  const fresh = await deps.database.query<{ id: number }>(`select nextval('gateway_id')::int as id from generate_series(1, $1)`, [stated.value.length]);
  const agreed = stated.value.map(({ groups: names, ...gateway }, at) => ({
    ...gateway, groupIds: names.map((name) => present(groups.get(name), 'a group that was named')), freshId: present(fresh[at], 'a free id').id,
  }));
  const done = await carryOut(deps, carrierCode, { type: 'AgreeGateways', gateways: agreed, by, at: deps.clock.nowUs() }, meta);
  if (!done.ok) return done;
  const kept = (await loadCarriers(deps.database)).find((carrier) => carrier.carrierCode === carrierCode)?.gateways ?? [];
  return ok({ gateways: kept.map((gateway) => gatewayMessage(gateway, groups)) });
}

async function groupIds(sql: Sql, names: readonly string[]): Promise<Map<string, number>> {
  if (names.length === 0) return new Map();
  const rows = await sql.query<{ group_id: number; name: string }>(groupsNamed, [names]);
  return new Map(rows.map(({ group_id, name }) => [name, group_id]));
}
