import type { CallerPolicy, CodedRefusal } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { findCardType } from '../cards/find-card-type.ts';
import { namedBy } from '../wire/meta.ts';
import { optionalTextOf } from '../wire/text.ts';
import { clisOfCardMax } from './bind-cli.ts';

/** What is done with a caller whom nobody knows. */
export const unknownCliPolicies = ['refuse', 'ask_pin', 'create'] as const;
export type UnknownCli = (typeof unknownCliPolicies)[number];

/** A policy as it is kept. `cardTypeId` is there where a card is created. */
export interface PolicyRow {
  readonly switchId: string;
  readonly trunk: string;
  readonly unknownCli: UnknownCli;
  readonly cardTypeId: number | null;
  readonly resellerId: number;
  readonly bindMax: number;
}

const columns = `switch_id AS "switchId", trunk, unknown_cli AS "unknownCli", cardtypeid AS "cardTypeId", resellerid AS "resellerId", bind_max AS "bindMax"`;

const upsertPolicy = `
  INSERT INTO caller_policy (switch_id, trunk, unknown_cli, cardtypeid, resellerid, bind_max, set_by) VALUES ($1, $2, $3, $4, $5, $6, $7)
  ON CONFLICT (switch_id, trunk) DO UPDATE SET unknown_cli = excluded.unknown_cli, cardtypeid = excluded.cardtypeid,
    resellerid = excluded.resellerid, bind_max = excluded.bind_max, set_by = excluded.set_by`;

/**
 * Sets what is done with callers whom nobody knows, on a trunk, on a switch, or everywhere else, under the name of who does
 * it. Refuses a trunk of no switch, unknown_card_type, cardtype_inactive and unknown_reseller.
 */
export async function setPolicy(sql: Sql, request: CallerPolicy): Promise<Result<ReturnType<typeof policyMessage>, CodedRefusal>> {
  const policy = await policyOf(sql, request);
  if (!policy.ok) return policy;
  const { switchId, trunk, unknownCli, cardTypeId, resellerId, bindMax } = policy.value;
  await sql.query(upsertPolicy, [switchId, trunk, unknownCli, cardTypeId, resellerId, bindMax, namedBy(request.by)]);
  return ok(policyMessage(policy.value));
}

async function policyOf(sql: Sql, request: CallerPolicy): Promise<Result<PolicyRow, CodedRefusal>> {
  const switchId = optionalTextOf(request.switchId, 'switchId', 64);
  if (!switchId.ok) return switchId;
  const trunk = optionalTextOf(request.trunk, 'trunk', 64);
  if (!trunk.ok) return trunk;
  if (switchId.value === '' && trunk.value !== '') return refuse({ code: 'field_missing', field: 'switchId', detail: 'Name the switch that the trunk is of.' });
  const unknownCli = unknownCliPolicies.find((one) => one === request.unknownCli);
  if (unknownCli === undefined) return refuse({ code: 'field_malformed', field: 'unknownCli', detail: `Choose one of ${unknownCliPolicies.join(', ')}.` });
  if (request.bindMax > clisOfCardMax) return refuse({ code: 'field_out_of_range', field: 'bindMax', detail: `At most ${clisOfCardMax} callers are bound to a card.` });
  const resellerId = request.resellerId === 0 ? 1 : request.resellerId;
  const known = await sql.query('SELECT 1 FROM reseller WHERE resellerid = $1::bigint', [resellerId]);
  if (known.length === 0) return refuse({ code: 'unknown_reseller', field: 'resellerId' });
  const made = unknownCli === 'create' ? await madeOf(sql, request.cardTypeId) : ok(null);
  if (!made.ok) return made;
  return ok({ switchId: switchId.value, trunk: trunk.value, unknownCli, cardTypeId: made.value, resellerId, bindMax: request.bindMax });
}

async function madeOf(sql: Sql, cardTypeId: number): Promise<Result<number, CodedRefusal>> {
  const cardType = await findCardType(sql, cardTypeId);
  if (cardType === null) return refuse({ code: 'unknown_card_type', field: 'cardTypeId', detail: 'Name the type of the cards that are created.' });
  return cardType.active ? ok(cardTypeId) : refuse({ code: 'cardtype_inactive', field: 'cardTypeId' });
}

/** Every policy, those of trunks after that of their switch. */
export async function listPolicies(sql: Sql) {
  const rows = await sql.query<PolicyRow>(`SELECT ${columns} FROM caller_policy ORDER BY switch_id, trunk`);
  return { policies: rows.map(policyMessage) };
}

const nobody: PolicyRow = { switchId: '', trunk: '', unknownCli: 'refuse', cardTypeId: null, resellerId: 1, bindMax: 0 };

// A trunk's goes before its switch's, and that before the one for everywhere else.
const selectPolicy = `
  SELECT ${columns} FROM caller_policy WHERE (switch_id = $1 AND trunk IN ($2, '')) OR (switch_id = '' AND trunk = '')
  ORDER BY switch_id = '', trunk = '' LIMIT 1`;

/** The policy for a trunk of a switch; refuse, where nobody set one. */
export async function policyFor(sql: Sql, switchId: string, trunk: string): Promise<PolicyRow> {
  const [row] = await sql.query<PolicyRow>(selectPolicy, [switchId, trunk]);
  return row ?? nobody;
}

function policyMessage({ cardTypeId, ...policy }: PolicyRow) {
  return { ...policy, cardTypeId: cardTypeId ?? 0 };
}
