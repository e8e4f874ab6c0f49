import { assert } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { type CoveredFees, type PeriodUnit, type Zone, zoneOf } from '@tollwire/telecom';
import type { Grant } from '../domain/allowance.ts';

/** What seconds are granted, as the columns of bundles and grants hold it. */
export interface TermsRow {
  readonly sec_per_period: number;
  readonly period_unit: PeriodUnit;
  readonly time_zone: string;
  readonly anchor_day: number;
  readonly prefixes: readonly string[];
  readonly weight: number;
  readonly covers: CoveredFees;
  readonly valid_from_us: bigint;
  readonly valid_until_us: bigint | null;
}

export interface GrantRow extends TermsRow {
  readonly grant_id: string;
  readonly number: bigint;
  readonly target_key: string;
  readonly bundle: string | null;
  readonly asked: string;
  readonly granted_at_us: bigint;
  readonly granted_by: string;
}

const selectGrants = 'select * from allowance_grant where target_key = any($1::text[]) order by number';

/** The grants to these parties and plans, by whom they are for, each in the order in which it was made. */
export async function grantsTo(sql: Sql, targetKeys: readonly string[]): Promise<Map<string, GrantRow[]>> {
  return Map.groupBy(await sql.query<GrantRow>(selectGrants, [targetKeys]), (row) => row.target_key);
}

/** Grants by their ids; those that nobody made are left out. */
export async function grantsNamed(sql: Sql, grantIds: readonly string[]): Promise<Map<string, Grant>> {
  if (grantIds.length === 0) return new Map();
  const rows = await sql.query<GrantRow>('select * from allowance_grant where grant_id = any($1::text[])', [grantIds]);
  return new Map(rows.map((row) => [row.grant_id, grantOf(row)]));
}

/** A grant as calls use it. */
export function grantOf(row: GrantRow): Grant {
  return {
    grantId: row.grant_id,
    number: Number(row.number),
    name: row.bundle ?? row.grant_id,
    secPerPeriod: row.sec_per_period,
    periods: { unit: row.period_unit, zone: knownZone(row.time_zone), anchorDay: row.anchor_day },
    prefixes: row.prefixes,
    weight: row.weight,
    covers: row.covers,
    validFromUs: Number(row.valid_from_us),
    validUntilUs: row.valid_until_us === null ? Infinity : Number(row.valid_until_us),
  };
}

/** A zone that was known when its name was taken in. */
function knownZone(name: string): Zone {
  const zone = zoneOf(name);
  assert(zone.ok, `the time zone ${name} of a grant is known`);
  return zone.value;
}
