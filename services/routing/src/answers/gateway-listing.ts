import type { MessageInitShape } from '@bufbuild/protobuf';
import type { NamedGatewaySchema } from '@tollwire/contracts';
import type { Sql } from '@tollwire/event-store';
import type { NamedGateway } from '../domain/provider.ts';

/** Every group of gateways by its name. */
export async function gatewayGroups(sql: Sql): Promise<Map<string, number>> {
  const rows = await sql.query<{ group_id: number; name: string }>('select group_id, name from gateway_group');
  return new Map(rows.map(({ group_id, name }) => [name, group_id]));
}

/** A gateway as messages have it: of each group its name and its id stand at the same place, because accounts are allowed to use it by the id. */
export function gatewayMessage(
  { name, gatewayId, groupIds: ids, priority, weight, active, ...gateway }: NamedGateway, groups: ReadonlyMap<string, number>,
): MessageInitShape<typeof NamedGatewaySchema> {
  const nameOf = new Map([...groups].map(([group, id]) => [id, group]));
  return { name, gateway, priority, weight, suspended: !active, gatewayId, groupIds: [...ids], groups: ids.map((id) => nameOf.get(id) ?? '') };
}
