import { describe, expect, it } from '@jest/globals';
import { create, fromBinary } from '@bufbuild/protobuf';
import { BeginDeckImportRequestSchema, DeckChunkSchema } from '@tollwire/contracts';
import { formatNanos, NO_FURTHER_TERMS, priceOf } from '@tollwire/telecom';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { deckContent } from '../../services/catalog/src/domain/deck-content.ts';
import { RateColumns } from '../../services/catalog/src/domain/rate-columns.ts';
import { drained } from '../../services/catalog/src/fixture/drained.fixture.ts';
import { chargeColumns, chargeText } from '../../services/catalog/src/import/charge-cells.ts';
import { encodeDeck } from '../../services/catalog/src/import/deck-chunks.ts';
import { readPiece, unseen } from '../../services/catalog/src/import/deck-file.ts';
import { fileOptionsOf } from '../../services/catalog/src/import/file-options.ts';
import { stepsText } from '../../services/catalog/src/import/step-text.ts';
import { windowText } from '../../services/catalog/src/import/window-text.ts';
import { rowErrors } from '../../services/catalog/src/import/row-errors.ts';
import type { RowError } from '../../services/catalog/src/import/row-taker.ts';
import { KnownPrefixes } from '../../services/catalog/src/number-plan/known-prefixes.ts';
import { ratesOf } from '../../services/rating/src/spread/compile.ts';
import { deckImport } from '../../services/edge/src/api/deck-imports.schema.ts';
import { argumentsOf } from '../cli/arguments.ts';
import { root } from '../cli/project.ts';
import { deckOptions, deckQuery } from '../import/deck-options.ts';

const page = readFileSync(join(root, 'docs/RATE_DECKS.md'), 'utf8');
const examples = [...page.matchAll(/(?:^`(--[^`]*)`\n\n)?^```csv\n([^`]*)```\n\n```text\n([^`]*)```/gm)].map(([, options = '', file = '', told = '']) => ({ options, file, told }));

/** What the whole way of options, command to question to request, makes of a file for a plan in euros; or why it is refused. */
function contentOf(file: string, options: string): string | { readonly rates: RateColumns; readonly errors: readonly RowError[] } {
  const { values } = argumentsOf(['--plan', 'carrier:7', ...shellWords(options)], deckOptions);
  const request = create(BeginDeckImportRequestSchema, deckImport.parse(Object.fromEntries(deckQuery(values))));
  const said = fileOptionsOf(request);
  if (!said.ok) return said.refusal.code;
  const progress = { format: unseen(said.value, 'EUR'), rest: Buffer.alloc(0), nextLine: 1 };
  const piece = drained(readPiece(progress, Buffer.from(file), true, (prefix) => !prefix.startsWith('9') || prefix.startsWith('992'))).result;
  if (!piece.ok) return piece.refusal.code;
  const { rates } = drained(deckContent({ file: piece.value.rates, base: new RateColumns(0), amends: false })).result;
  rates.timeZone = said.value.windowZone;
  return { rates, errors: piece.value.errors };
}

/** What a shell makes of a line, as far as quotes, spaces and the end of a command go. */
function shellWords(line: string): string[] {
  const [command = ''] = /^(?:"[^"]*"|[^";])*/.exec(line) ?? [];
  return (command.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).map((word) => word.replaceAll('"', ''));
}

function read(file: string, options: string): string {
  const content = contentOf(file, options);
  if (typeof content === 'string') return content;
  const { rates, errors } = content;
  const lines = Array.from({ length: rates.size }, (_, at) => rateText(rates.rateAt(at)));
  return [...lines, ...errors.map(({ line, code, column, value }) => `line ${line}: ${code} in ${column}: ${value}`)].map((line) => `${line}\n`).join('');
}

function rateText({ prefix, blocked, ...rate }: ReturnType<RateColumns['rateAt']>): string {
  const iso = (us: number) => (us === 0 ? '' : new Date(us / 1000).toISOString().replace(':00.000Z', '').replace('T00:00', ''));
  const validity = rate.validFromUs + rate.validUntilUs === 0 ? '' : ` [${iso(rate.validFromUs)},${iso(rate.validUntilUs)})`;
  const fee = rate.connectFeeNanos === 0n ? '' : ` +${formatNanos(rate.connectFeeNanos)}`;
  const { window, furtherSteps = [], terms = {} } = rate.profile ?? {};
  const charges = chargeColumns.flatMap((column) => (chargeText(column, terms) === '' ? [] : [`${column}=${chargeText(column, terms)}`]));
  const beyond = [windowText(window), stepsText(furtherSteps), ...charges].filter((text) => text !== '').map((text) => ` ${text}`).join('');
  return `${prefix} ${formatNanos(rate.ratePerMinNanos)}${fee} ${rate.initialIncrementSec}/${rate.incrementSec}${validity}${blocked ? ' blocked' : ''}${beyond}`;
}

describe('the page of rate decks', () => {
  it('has examples', () => {
    expect(examples.length).toBeGreaterThan(7);
    expect(page.match(/```csv/g)).toHaveLength(examples.length);
  });

  it.each(examples)('reads with "$options" $file', ({ file, options, told }) => {
    expect(read(file, options)).toBe(told);
  });

  it('has windows and steps that rating prices by, in their zone', async () => {
    const plan = { terms: NO_FURTHER_TERMS, rounding: { decimals: 6, mode: 'half_up' }, windowByStart: false } as const;
    const priced = async ({ file, options }: { file: string; options: string }, number: string, at: string, durationSec: number) => {
      const content = contentOf(file, options);
      if (typeof content === 'string') throw new Error(content);
      const noPlan = drained(KnownPrefixes.of(new Map())).result;
      const chunks = drained(encodeDeck(content.rates, noPlan)).result.chunks.map((chunk) => fromBinary(DeckChunkSchema, chunk));
      const table = await ratesOf({ rateCount: content.rates.size }, Readable.from(chunks));
      if (!table.ok) throw new Error(table.refusal.reason);
      const startUs = Date.parse(at) * 1000;
      const row = table.value.find(number, startUs);
      return formatNanos(priceOf(table.value.scheduleAt(row, startUs, durationSec, plan), durationSec).amount);
    };
    const find = (text: string) => examples.find(({ file }) => file.includes(text)) ?? { options: '', file: '' };
    const [named, stepped] = [find('43,Peak'), find('0.05@60/1')];
    // A Monday in Vienna: 9:00 is within the peak, 7:59:30 crosses into it, 20:00 is behind it.
    expect(await priced(named, '431', '2026-11-30T08:00:00Z', 60)).toBe('0.10');
    expect(await priced(named, '431', '2026-11-30T06:59:30Z', 120)).toBe('0.14');
    expect(await priced(named, '431', '2026-11-30T19:00:00Z', 60)).toBe('0.04');
    // 0.10 for a minute, 0.05 for nine, 0.03 for another with the fee on entering.
    expect(await priced(stepped, '431', '2026-11-30T19:00:00Z', 660)).toBe('0.60');
  });

  it('says what to do about every code', () => {
    const rows = Object.entries(rowErrors).map(([code, advice]) => `| \`${code}\` | ${advice} |`);
    expect(page.split('\n').filter((line) => /^\| `[a-z_]+` \| [A-Z]/.test(line))).toEqual(rows);
  });
});
