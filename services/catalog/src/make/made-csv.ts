import { formatNanos } from '@tollwire/telecom';
import type { Rate, RateColumns } from '../domain/rate-columns.ts';
import { chargeColumns, chargeText } from '../import/charge-cells.ts';
import { stepsText } from '../import/step-text.ts';
import { windowText } from '../import/window-text.ts';

const PIECE_CHARACTERS = 400_000;

/** Rates as a file that an import reads, with a header, in pieces of some 400 KB. Columns that no rate has are left out. */
export function* csvPieces(rates: RateColumns): Generator<Uint8Array> {
  const columns = [...plainColumns, ...(rates.notes.profiles.size === 0 ? [] : profileColumns), ...(rates.notes.names.size === 0 ? [] : nameColumns)];
  let text = `${columns.map(({ title }) => title).join(',')}\n`;
  for (let at = 0; at < rates.size; at += 1) {
    const rate = rates.rateAt(at);
    text += `${columns.map(({ cellOf }) => cellOf(rate)).join(',')}\n`;
    if (text.length > PIECE_CHARACTERS) {
      yield Buffer.from(text);
      text = '';
    }
  }
  if (text !== '') yield Buffer.from(text);
}

interface Column {
  readonly title: string;
  readonly cellOf: (rate: Rate) => string;
}

const plainColumns: readonly Column[] = [
  { title: 'prefix', cellOf: ({ prefix }) => prefix },
  { title: 'rate', cellOf: ({ ratePerMinNanos }) => formatNanos(ratePerMinNanos, 0) },
  { title: 'connect_fee', cellOf: ({ connectFeeNanos }) => formatNanos(connectFeeNanos, 0) },
  { title: 'initial_increment', cellOf: ({ initialIncrementSec }) => String(initialIncrementSec) },
  { title: 'increment', cellOf: ({ incrementSec }) => String(incrementSec) },
  { title: 'blocked', cellOf: ({ blocked }) => (blocked ? 'yes' : 'no') },
];

const profileColumns: readonly Column[] = [
  { title: 'timing', cellOf: ({ profile }) => quoted(windowText(profile?.window)) },
  { title: 'steps', cellOf: ({ profile }) => stepsText(profile?.furtherSteps ?? []) },
  ...chargeColumns.map((column) => ({ title: column, cellOf: ({ profile }: Rate) => chargeText(column, profile?.terms ?? {}) })),
];

const nameColumns: readonly Column[] = [
  { title: 'destination', cellOf: ({ name }) => quoted(name?.destination ?? '') },
  { title: 'country', cellOf: ({ name }) => quoted(name?.country ?? '') },
];

function quoted(text: string): string {
  return text === '' ? '' : `"${text.replaceAll('"', '""')}"`;
}
