import { z } from 'zod';
import { counted } from '../cli/told.ts';
import type { ListedDeck } from './deck-options.ts';
import type { MakeValues } from './make-options.ts';

/** The options of `./tollwire deck`. */
export interface DeckValues extends MakeValues {
  readonly kind?: string | undefined;
  readonly owner?: string | undefined;
  readonly against?: string | undefined;
  readonly rows?: boolean | undefined;
  readonly change?: string | undefined;
  readonly prefix?: string | undefined;
  readonly note?: string | undefined;
  readonly reason?: string | undefined;
  readonly from?: string | undefined;
  readonly since?: string | undefined;
  readonly until?: string | undefined;
  readonly 'only-if-approved'?: boolean | undefined;
  readonly json?: boolean | undefined;
}

/** Rows in columns as wide as their widest cell. */
export function columnsOf(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  return rows.map((row) => `${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ').trimEnd()}\n`).join('');
}

export function printDecks(decks: readonly ListedDeck[]): void {
  const rows = decks.map(({ deck, status, importedBy, reviewedBy, reviewNote, origin, validFrom, validUntil }) => {
    const time = validFrom === '' ? '' : `${validFrom} – ${validUntil}`;
    return [String(deck.version), status, counted(deck.rateCount, 'rate'), deck.digest.slice(0, 12), `imported by ${importedBy}`, reviewedBy && `reviewed by ${reviewedBy}`, reviewNote, time, origin];
  });
  process.stdout.write(rows.length === 0 ? 'No version was imported for this plan yet.\n' : columnsOf(rows));
}

const sum = z.object({ change: z.string(), rowCount: z.number(), oldRateSum: z.string(), newRateSum: z.string() });
const place = { countryCode: z.string().default(''), countryName: z.string().default(''), subcode: z.string().default('') };
const diff = z.object({
  deck: z.object({ version: z.number() }),
  against: z.object({ version: z.number() }).optional(),
  errorCount: z.number().default(0),
  sums: z.array(sum).default([]),
  destinations: z.array(z.object({ ...place, sums: z.array(sum).default([]) })).default([]),
});

export function printDiff(answer: unknown): void {
  const { deck, against, errorCount, sums, destinations } = diff.parse(answer);
  process.stdout.write(`Version ${deck.version} against ${against === undefined ? 'nothing' : `version ${against.version}`}, ${errorCount} bad rows in the file\n`);
  process.stdout.write(columnsOf(sums.map((of) => [`  ${of.change}`, String(of.rowCount), `rates ${of.oldRateSum} -> ${of.newRateSum}`])));
  const changed = destinations.map((of) => ({ ...of, sums: of.sums.filter(({ change }) => change !== 'unchanged') })).filter((of) => of.sums.length > 0);
  if (changed.length === 0) return;
  process.stdout.write('By destination\n');
  process.stdout.write(columnsOf(changed.map((of) => [`  ${nameOf(of)}`, of.sums.map(({ change, rowCount }) => `${rowCount} ${change}`).join(', ')])));
}

const statedTerms = z.object({
  ratePerMin: z.string(), connectFee: z.string().default('0.00'), initialIncrementSec: z.number().default(0), incrementSec: z.number().default(0),
  blocked: z.boolean().default(false), timing: z.string().default(''), destination: z.string().default(''), country: z.string().default(''),
  profile: z.object({
    furtherSteps: z.array(z.object({ fromSec: z.number(), rate: z.string(), perSec: z.number(), incrementSec: z.number(), entryFee: z.string().default('0.00') })).default([]),
    terms: z.record(z.string(), z.unknown()).default({}),
  }).optional(),
});
const terms = statedTerms.optional();
const diffRow = z.object({
  ...place, change: z.string(), prefix: z.string(), before: terms, after: terms,
  percent: z.string().default(''), effectiveFrom: z.string().default(''), effectiveUntil: z.string().default(''),
});

/** A line for each row of a difference. */
export function diffRowsText(rows: readonly unknown[]): string {
  const texts = rows.map((each) => {
    const row = diffRow.parse(each);
    const time = row.effectiveFrom === '' && row.effectiveUntil === '' ? '' : `${row.effectiveFrom} – ${row.effectiveUntil}`;
    const { timing = '', destination = '', country = '' } = row.after ?? row.before ?? {};
    return [row.prefix, nameOf(row), [country, destination].filter(Boolean).join(', '), timing, row.change, `${rateOf(row.before)} -> ${rateOf(row.after)}`, row.percent && `${row.percent} %`, time];
  });
  return texts.length === 0 ? 'Nothing changes.\n' : columnsOf(texts);
}

const deckRate = z.object({ ...place, prefix: z.string(), terms: statedTerms, validFrom: z.string().default(''), validUntil: z.string().default('') });

/** What a version holds, a line for each rate. */
export function ratesText(rates: readonly unknown[], timeZone: string): string {
  const rows = rates.map((each) => {
    const { terms: of, ...row } = deckRate.parse(each);
    const time = row.validFrom === '' && row.validUntil === '' ? '' : `${row.validFrom} – ${row.validUntil}`;
    const steps = (of.profile?.furtherSteps ?? []).map(({ fromSec, rate, perSec, incrementSec, entryFee }) => {
      return `${rate}${perSec === 60 ? '' : ` per ${perSec} s`} from ${fromSec} s in ${incrementSec} s${Number(entryFee) === 0 ? '' : ` + ${entryFee}`}`;
    });
    const charges = Object.entries(of.profile?.terms ?? {}).map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`);
    const fee = Number(of.connectFee) === 0 ? '' : `+ ${of.connectFee}`;
    const names = [of.country, of.destination].filter(Boolean).join(', ');
    return [row.prefix, nameOf(row), names, rateOf(of), fee, `${of.initialIncrementSec}/${of.incrementSec}`, of.timing, [...steps, ...charges].join(', '), time];
  });
  const zone = timeZone === '' ? '' : `Windows by the clocks of ${timeZone}\n`;
  return zone + (rows.length === 0 ? 'No rate of this version has such a prefix.\n' : columnsOf(rows));
}

const money = z.object({ amount: z.string(), currency: z.string() }).optional();
const forecast = z.object({
  callCount: z.number(), isPartial: z.boolean().default(false),
  destinations: z.array(z.object({
    ...place, callCount: z.number(), minutes: z.string(), unpricedCount: z.number().default(0), marginUnknownCount: z.number().default(0),
    sellBefore: money, sellAfter: money, buyBefore: money, buyAfter: money, marginBefore: money, marginAfter: money,
  })),
});

export function printForecast(answer: unknown): void {
  const { callCount, isPartial, destinations } = forecast.parse(answer);
  const from = (before: z.infer<typeof money>, after: z.infer<typeof money>) => {
    const other = before !== undefined && after !== undefined && before.currency !== after.currency ? ` ${before.currency}` : '';
    return `${before?.amount ?? '-'}${other} -> ${after?.amount ?? '-'} ${after?.currency ?? before?.currency ?? ''}`;
  };
  const rows = destinations.map((of) => [
    of.countryCode === '' ? 'elsewhere' : nameOf(of), `${of.callCount} calls`, `${of.minutes} min`, `sell ${from(of.sellBefore, of.sellAfter)}`, `buy ${from(of.buyBefore, of.buyAfter)}`,
    `margin ${from(of.marginBefore, of.marginAfter)}`, of.unpricedCount === 0 ? '' : `${of.unpricedCount} without a price`,
    of.marginUnknownCount === 0 ? '' : `${of.marginUnknownCount} without a margin`,
  ]);
  process.stdout.write(`${callCount} calls${isPartial ? ', not all that there are: ask for fewer days' : ''}\n${rows.length === 0 ? '' : columnsOf(rows)}`);
}

const history = z.object({
  entries: z.array(z.object({
    what: z.string(), version: z.number(), at: z.string().default(''), by: z.string().default(''), note: z.string().default(''),
    validFrom: z.string().default(''), validUntil: z.string().default(''),
  })).default([]),
});

export function printHistory(answer: unknown): void {
  const rows = history.parse(answer).entries.map(({ what, version, at, by, note, validFrom, validUntil }) => {
    return [at, `version ${version}`, what, `by ${by}`, validFrom === '' ? '' : `${validFrom} – ${validUntil}`, note];
  });
  process.stdout.write(rows.length === 0 ? 'Nothing was done to this deck yet.\n' : columnsOf(rows));
}

function rateOf(of: z.infer<typeof terms>): string {
  return of === undefined ? 'none' : of.blocked ? 'blocked' : of.ratePerMin;
}

function nameOf({ countryCode, countryName, subcode }: { countryCode: string; countryName: string; subcode: string }): string {
  return countryCode === '' ? 'unknown' : [countryName, subcode.toLowerCase()].filter(Boolean).join(' ');
}
