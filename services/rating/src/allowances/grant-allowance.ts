import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AllowanceGrantSchema, CodedRefusal, GrantAllowanceRequest, ListGrantsReplySchema, ListGrantsRequest } from '@tollwire/contracts';
import { type InstantUs, ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { termsOf as planTermsOf } from '../domain/tables.ts';
import type { RatingDeps } from '../rating.deps.ts';
import { isName, type Target, targetMessage, targetOf } from '../wire/allowance-target.ts';
import { termsMessage, termsOf, validityFault } from '../wire/allowance-terms.ts';
import { askedText, bundleOf, termValues } from './define-bundle.ts';
import type { GrantRow, TermsRow } from './grant-rows.ts';

type GrantInit = MessageInitShape<typeof AllowanceGrantSchema>;
type GrantDeps = Pick<RatingDeps, 'database' | 'clock' | 'subscribers' | 'tables'>;

/** Grants in one reply. */
const PAGE_MAX = 500;

/** Takes the next number, under the lock of the row: whoever grants meanwhile waits until this grant is seen. */
const nextNumber = 'update allowance_revision set number = number + 1 returning number';

const insertGrant = `
  insert into allowance_grant (grant_id, number, target_key, bundle, sec_per_period, period_unit, time_zone, anchor_day, prefixes, weight,
    covers, valid_from_us, valid_until_us, asked, granted_at_us, granted_by)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16)`;

const selectPage = `
  select * from allowance_grant where number > $1 and ($2::text is null or target_key = $2) order by number limit $3`;

/**
 * Grants free seconds, for good. The same id with the same content answers the grant that is there; with another content it
 * is refused. Refuses parties, plans and bundles that are not known, and a validity in which there is nothing.
 */
export async function grantAllowance(deps: GrantDeps, request: GrantAllowanceRequest): Promise<Result<GrantInit, CodedRefusal>> {
  if (request.grantId === '') return refuse({ code: 'field_missing', field: 'grantId' });
  if (!isName(request.grantId)) return refuse({ code: 'field_malformed', field: 'grantId' });
  const target = targetOf(request.to);
  if (!target.ok) return target;
  const fault = validityFault(request.validFromUs, request.validUntilUs);
  if (fault !== undefined) return refuse({ code: 'field_out_of_range', field: fault });
  return await deps.database.transaction(async (tx) => {
    const before = await grantedBefore(tx, request.grantId);
    const terms = await grantedTerms(tx, request);
    if (!terms.ok) return terms;
    const asked = askedText(target.value.key, request.what.case === 'bundle' ? request.what.value : terms.value, request.validFromUs, request.validUntilUs);
    if (before !== undefined) return repeated(before, asked);
    const unknown = await unknownTarget(deps, tx, target.value);
    if (unknown !== undefined) return refuse(unknown);
    return await grant(tx, request, target.value, terms.value, asked, deps.clock.nowUs());
  });
}

/** Grants in the order in which they were made, a page after one of them; all, or those to a party or plan. */
export async function listGrants(sql: Sql, { to, afterSequence }: ListGrantsRequest): Promise<Result<MessageInitShape<typeof ListGrantsReplySchema>, CodedRefusal>> {
  const target = to.case === undefined ? ok(undefined) : targetOf(to);
  if (!target.ok) return target;
  const rows = await sql.query<GrantRow>(selectPage, [afterSequence, target.value?.key ?? null, PAGE_MAX + 1]);
  return ok({ grants: rows.slice(0, PAGE_MAX).map(grantMessage), more: rows.length > PAGE_MAX });
}

/** A grant as messages tell it. */
export function grantMessage(row: GrantRow): GrantInit {
  return {
    grantId: row.grant_id, sequence: Number(row.number), to: targetMessage(row.target_key), bundle: row.bundle ?? '', terms: termsMessage(row),
    grantedAtUs: row.granted_at_us, grantedBy: row.granted_by,
  };
}

async function grant(
  tx: Sql, { grantId, what, by, ...asks }: GrantAllowanceRequest, target: Target, terms: TermsRow, asked: string, now: InstantUs,
): Promise<Result<GrantInit, CodedRefusal>> {
  const [next] = await tx.query<{ number: bigint }>(nextNumber);
  // Two requests of one id: the second has waited for the first, which it sees now.
  const before = await grantedBefore(tx, grantId);
  if (before !== undefined) return repeated(before, asked);
  const from = later(asks.validFromUs === 0n ? BigInt(now) : asks.validFromUs, terms.valid_from_us);
  const until = earlier(asks.validUntilUs === 0n ? null : asks.validUntilUs, terms.valid_until_us);
  if (until !== null && until <= from) return refuse({ code: 'field_out_of_range', field: 'validUntilUs', detail: 'Nothing lies between the beginning and the end.' });
  const row: GrantRow = {
    ...terms, valid_from_us: from, valid_until_us: until, grant_id: grantId, number: next?.number ?? 0n, target_key: target.key,
    bundle: what.case === 'bundle' ? what.value : null, asked, granted_at_us: BigInt(now), granted_by: by,
  };
  await tx.query(insertGrant, [grantId, row.number, target.key, row.bundle, ...termValues(row), asked, now, by]);
  return ok(grantMessage(row));
}

async function grantedBefore(tx: Sql, grantId: string): Promise<GrantRow | undefined> {
  const [row] = await tx.query<GrantRow>('select * from allowance_grant where grant_id = $1', [grantId]);
  return row;
}

function repeated(before: GrantRow, asked: string): Result<GrantInit, CodedRefusal> {
  return before.asked === asked ? ok(grantMessage(before)) : refuse({ code: 'idempotency_mismatch', field: 'grantId' });
}

async function grantedTerms(tx: Sql, { what }: GrantAllowanceRequest): Promise<Result<TermsRow, CodedRefusal>> {
  if (what.case === 'terms') return termsOf(what.value, 'terms');
  if (what.case === undefined) return refuse({ code: 'field_missing', field: 'bundle', detail: 'Name a bundle, or give terms.' });
  const bundle = await bundleOf(tx, what.value);
  return bundle === undefined ? refuse({ code: 'unknown_bundle', field: 'bundle' }) : ok(bundle);
}

async function unknownTarget({ subscribers, tables, clock }: GrantDeps, tx: Sql, target: Target): Promise<CodedRefusal | undefined> {
  if (target.kind === 'plan') return planTermsOf(tables.now, target.plan, clock.nowUs()).ok ? undefined : { code: 'unknown_plan', field: 'plan' };
  return (await subscribers.of(tx, [target.key])).has(target.key) ? undefined : { code: target.unknownCode, field: 'party' };
}

function later(one: bigint, other: bigint): bigint {
  return one > other ? one : other;
}

function earlier(one: bigint | null, other: bigint | null): bigint | null {
  return one === null || (other !== null && other < one) ? other : one;
}
