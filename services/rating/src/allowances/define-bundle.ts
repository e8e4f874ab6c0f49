import type { MessageInitShape } from '@bufbuild/protobuf';
import type { AllowanceBundleSchema, CodedRefusal, DefineBundleRequest, ListBundlesReplySchema } from '@tollwire/contracts';
import { type InstantUs, ok, present, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { isName } from '../wire/allowance-target.ts';
import { termsMessage, termsOf } from '../wire/allowance-terms.ts';
import type { TermsRow } from './grant-rows.ts';

type BundleInit = MessageInitShape<typeof AllowanceBundleSchema>;

interface BundleRow extends TermsRow {
  readonly name: string;
  readonly asked: string;
  readonly defined_at_us: bigint;
  readonly defined_by: string;
}

/** Bundles in one reply. */
const PAGE_MAX = 500;

const insertBundle = `
  insert into allowance_bundle (name, sec_per_period, period_unit, time_zone, anchor_day, prefixes, weight, covers,
    valid_from_us, valid_until_us, asked, defined_at_us, defined_by)
  values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) on conflict do nothing`;

/** The bundle of a name; undefined where there is none. */
export async function bundleOf(sql: Sql, name: string): Promise<BundleRow | undefined> {
  const [row] = await sql.query<BundleRow>('select * from allowance_bundle where name = $1', [name]);
  return row;
}

/** Defines a bundle, for good. The same name with the same content answers what is there; with another it is refused. */
export async function defineBundle(sql: Sql, { name, terms, by }: DefineBundleRequest, now: InstantUs): Promise<Result<BundleInit, CodedRefusal>> {
  if (name === '') return refuse({ code: 'field_missing', field: 'name' });
  if (!isName(name)) return refuse({ code: 'field_malformed', field: 'name' });
  const read = termsOf(terms, 'terms');
  if (!read.ok) return read;
  const asked = askedText(read.value);
  await sql.query(insertBundle, [name, ...termValues(read.value), asked, now, by]);
  const row = present(await bundleOf(sql, name), 'the bundle that was just defined, or was there');
  if (row.asked !== asked) return refuse({ code: 'idempotency_mismatch', field: 'name', detail: 'A bundle never changes: define another one, by another name.' });
  return ok(messageOf(row));
}

/** Bundles by their names, a page after a name. */
export async function listBundles(sql: Sql, afterName: string): Promise<MessageInitShape<typeof ListBundlesReplySchema>> {
  const rows = await sql.query<BundleRow>('select * from allowance_bundle where name > $1 order by name limit $2', [afterName, PAGE_MAX + 1]);
  return { bundles: rows.slice(0, PAGE_MAX).map(messageOf), more: rows.length > PAGE_MAX };
}

/** The values of the columns of terms, in their order. */
export function termValues(row: TermsRow): readonly unknown[] {
  return [
    row.sec_per_period, row.period_unit, row.time_zone, row.anchor_day, row.prefixes, row.weight, row.covers, row.valid_from_us, row.valid_until_us,
  ];
}

/** What was asked for, as a text that is the same for the same. */
export function askedText(...asked: readonly unknown[]): string {
  return JSON.stringify(asked, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
}

function messageOf(row: BundleRow): BundleInit {
  return { name: row.name, terms: termsMessage(row), definedAtUs: row.defined_at_us, definedBy: row.defined_by };
}
