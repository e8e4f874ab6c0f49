import { isIP } from 'node:net';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, ListSwitchesReply_SwitchSchema, SetSwitchRequest } from '@tollwire/contracts';
import { ok, present, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { localClockOf } from '@tollwire/telecom';

type Switch = MessageInitShape<typeof ListSwitchesReply_SwitchSchema>;

const columns = `id, name, coalesce(host(ipaddress), '') AS "ipAddress", zone, (skew_us / 1000)::int AS "skewMs", set_by AS "setBy"`;
const setSql = `
  INSERT INTO voip_switch AS s (name, ipaddress, zone, skew_us, set_by) VALUES ($1, nullif($2, '')::inet, $3, $4::bigint * 1000, $5)
  ON CONFLICT (name) DO UPDATE SET ipaddress = excluded.ipaddress, zone = excluded.zone, skew_us = excluded.skew_us, set_by = excluded.set_by
  RETURNING ${columns}`;

/** A clock that is further off than a day is not set at all. */
const skewMsMax = 86_400_000;
const nameMax = 64;

/** The switches that calls were told of or that were registered. */
export async function listSwitches(sql: Sql): Promise<Switch[]> {
  return await sql.query<Switch & object>(`SELECT ${columns} FROM voip_switch ORDER BY id`);
}

/** Registers a switch, or sets how its clock goes, as a whole. */
export async function setSwitch(sql: Sql, { name, ipAddress, zone, skewMs, by }: SetSwitchRequest): Promise<Result<Switch, CodedRefusal>> {
  if (name === '') return refuse({ code: 'field_missing', field: 'name' });
  if (name.length > nameMax || /\p{Cc}/u.test(name)) return refuse({ code: 'field_malformed', field: 'name' });
  if (ipAddress !== '' && isIP(ipAddress) === 0) return refuse({ code: 'field_malformed', field: 'ipAddress', detail: 'Name an address of IPv4 or IPv6.' });
  if (zone !== '' && localClockOf(zone) === undefined) return refuse({ code: 'field_malformed', field: 'zone', detail: 'Name an IANA time zone or an offset.' });
  if (Math.abs(skewMs) > skewMsMax) return refuse({ code: 'field_out_of_range', field: 'skewMs', detail: 'A clock may be a day off at most.' });
  const [row] = await sql.query<Switch & object>(setSql, [name, ipAddress, zone, skewMs, by]);
  return ok(present(row, 'the switch that was set'));
}
