import type { Figures, ReportRow } from './replies.ts';

const heads = ['calls', 'answered', 'minutes', 'ASR %', 'NER %', 'ACD s', 'PDD ms', 'short %', 'sell', 'buy', 'margin'];

/** The head of the table of a report. */
export function reportHead(isCompared: boolean): string[] {
  return ['from', 'what', ...heads, ...(isCompared ? ['calls before', 'ASR % before', 'margin before'] : [])];
}

/** A row of the table; what there is no data for is empty, which is not zero. */
export function reportLine({ at, value, name, figures, compared }: ReportRow): string[] {
  const before = compared === undefined ? [] : [`${compared.callCount}`, numberText(compared.asrPercent), moneyText(compared, 'margin')];
  return [at.slice(0, 16).replace('T', ' '), name === '' ? value : `${value} ${name}`, ...cellsOf(figures), ...before];
}

function cellsOf(figures: Figures): string[] {
  const { callCount, answeredCount, talkMs, asrPercent, nerPercent, acdSec, pddMs, shortPercent } = figures;
  return [
    ...[`${callCount}`, `${answeredCount}`, (talkMs / 60_000).toFixed(2)],
    ...[asrPercent, nerPercent, acdSec, pddMs, shortPercent].map(numberText),
    ...[moneyText(figures, 'sell'), moneyText(figures, 'buy'), moneyText(figures, 'margin')],
  ];
}

function numberText(value: number | undefined): string {
  return value === undefined ? '' : `${value}`;
}

function moneyText({ money }: Figures, side: 'sell' | 'buy' | 'margin'): string {
  return money.map((each) => `${each[side]} ${each.currency}`).join(' + ');
}

/**
 * Cells as a line of CSV (RFC 4180). A text that a spreadsheet would take for a formula has an apostrophe before it; a
 * number is left as it is, also where it is negative.
 */
export function csvLine(cells: readonly string[]): string {
  return cells.map(csvCell).join(',');
}

function csvCell(cell: string): string {
  const safe = /^[=+\-@\t\r]/.test(cell) && !/^-?\d+(\.\d+)?$/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
