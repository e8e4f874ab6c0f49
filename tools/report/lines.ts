import type { Figures, ReportRow } from './replies.ts';

const heads = ['calls', 'attempts', 'answered', 'minutes', 'ASR %', 'NER %', 'ACD s', 'PDD ms', 'short %', 'sell', 'buy', 'margin'];

/** The head of the table of a report. */
export function reportHead(isCompared: boolean): string[] {
  return ['from', 'what', ...heads, ...(isCompared ? ['calls before', 'ASR % before', 'margin before'] : [])];
}

/** What the row is of that has no name: of the calls that never had what the report goes by. */
export function unnamedOf(by = 'all'): string {
  return by === 'all' ? '' : by === 'carrier' ? '(none tried)' : '(none)';
}

/** A row of the table; what there is no data for is empty, which is not zero. */
export function reportLine({ at, value, name, figures, compared }: ReportRow, unnamed = ''): string[] {
  const before = compared === undefined ? [] : [`${compared.callCount}`, numberText(compared.asrPercent), moneyText(compared, 'margin')];
  return [at.slice(0, 16).replace('T', ' '), [value, name].filter(Boolean).join(' ') || unnamed, ...cellsOf(figures), ...before];
}

function cellsOf(figures: Figures): string[] {
  const { callCount, attemptCount = callCount, answeredCount, talkMs, asrPercent, nerPercent, acdSec, pddMs, shortPercent } = figures;
  return [
    ...[`${callCount}`, `${attemptCount}`, `${answeredCount}`, (talkMs / 60_000).toFixed(2)],
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
