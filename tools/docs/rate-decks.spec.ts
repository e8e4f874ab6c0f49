import { describe, expect, it } from '@jest/globals';
import { create } from '@bufbuild/protobuf';
import { BeginDeckImportRequestSchema } from '@tollwire/contracts';
import { formatNanos } from '@tollwire/telecom';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { deckContent } from '../../services/catalog/src/domain/deck-content.ts';
import { RateColumns } from '../../services/catalog/src/domain/rate-columns.ts';
import { drained } from '../../services/catalog/src/fixture/drained.fixture.ts';
import { chargeColumns, chargeText } from '../../services/catalog/src/import/charge-cells.ts';
import { readPiece, unseen } from '../../services/catalog/src/import/deck-file.ts';
import { fileOptionsOf } from '../../services/catalog/src/import/file-options.ts';
import { stepsText } from '../../services/catalog/src/import/step-text.ts';
import { windowText } from '../../services/catalog/src/import/window-text.ts';
import { rowErrors } from '../../services/catalog/src/import/row-errors.ts';
import { deckImport } from '../../services/edge/src/api/deck-imports.schema.ts';
import { root } from '../cli/project.ts';
import { deckOptions, deckQuery } from '../import/deck-options.ts';

const page = readFileSync(join(root, 'docs/RATE_DECKS.md'), 'utf8');
const examples = [...page.matchAll(/(?:^`(--[^`]*)`\n\n)?^```csv\n([^`]*)```\n\n```text\n([^`]*)```/gm)].map(([, options = '', file = '', told = '']) => ({ options, file, told }));

/** What the whole way of options, command to question to request, makes of a file for a plan in euros. */
function read(file: string, options: string): string {
  const { values } = parseArgs({ args: ['--plan', 'carrier:7', ...options.split(/ (?=--)| (?<=--[a-z-]+ )/).filter(Boolean)], options: deckOptions });
  const request = create(BeginDeckImportRequestSchema, deckImport.parse(Object.fromEntries(deckQuery(values))));
  const said = fileOptionsOf(request);
  if (!said.ok) return said.refusal.code;
  const progress = { format: unseen(said.value, 'EUR'), rest: Buffer.alloc(0), nextLine: 1 };
  const piece = drained(readPiece(progress, Buffer.from(file), true, (prefix) => !prefix.startsWith('9') || prefix.startsWith('992'))).result;
  if (!piece.ok) return piece.refusal.code;
  const { rates } = drained(deckContent({ file: piece.value.rates, base: new RateColumns(0), amends: false })).result;
  const lines = Array.from({ length: rates.size }, (_, at) => rateText(rates.rateAt(at)));
  return [...lines, ...piece.value.errors.map(({ line, code, column, value }) => `line ${line}: ${code} in ${column}: ${value}`)].map((line) => `${line}\n`).join('');
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

  it('says what to do about every code', () => {
    const rows = Object.entries(rowErrors).map(([code, advice]) => `| \`${code}\` | ${advice} |`);
    expect(page.split('\n').filter((line) => /^\| `[a-z_]+` \| [A-Z]/.test(line))).toEqual(rows);
  });
});
