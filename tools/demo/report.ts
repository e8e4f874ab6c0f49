import { columns, paint } from '../cli/paint.ts';
import { type Driven, refusedOf } from './drive.ts';
import { type Explanation, explanationText } from './explain.ts';
import type { Reconciliation } from './reconcile.ts';
import { nanosOfText, type Totals } from './totals.ts';

/** Everything that a run of the demonstration found. */
export interface Report {
  readonly driven: Driven;
  readonly imported: { readonly rows: number; readonly accepted: number; readonly refused: number };
  readonly reconciliation: Reconciliation;
  readonly carriers: readonly CarrierLine[];
  readonly explanation: Explanation | undefined;
  readonly addresses: Readonly<Record<string, string>>;
}

export interface CarrierLine {
  readonly carrierCode: string;
  readonly calls: number;
  readonly answered: number;
  readonly minutes: string;
  readonly sell: string;
  readonly buy: string;
  readonly margin: string;
}

/** What a carrier's calls come to, over all the rows that the totals have for it: one for each pair of currencies. */
interface CarrierSum {
  readonly calls: number;
  readonly answered: number;
  readonly billedSec: number;
  readonly sell: bigint;
  readonly buy: bigint;
}

const nothing: CarrierSum = { calls: 0, answered: 0, billedSec: 0, sell: 0n, buy: 0n };

function sumsOf({ cdr }: Totals): Map<string, CarrierSum> {
  const sums = new Map<string, CarrierSum>();
  for (const { carrierCode, callCount, answeredCount, billedSec, sell, buy } of cdr.carriers) {
    const sum = sums.get(carrierCode) ?? nothing;
    sums.set(carrierCode, {
      calls: sum.calls + callCount,
      answered: sum.answered + answeredCount,
      billedSec: sum.billedSec + billedSec,
      sell: sum.sell + nanosOfText(sell?.amount ?? '0'),
      buy: sum.buy + nanosOfText(buy?.amount ?? '0'),
    });
  }
  return sums;
}

/** What this run added to each carrier's totals. The demonstration knows one currency. */
export function carrierLines(before: Totals, after: Totals): CarrierLine[] {
  const sumsBefore = sumsOf(before);
  return [...sumsOf(after)].flatMap(([carrierCode, now]) => {
    const then = sumsBefore.get(carrierCode) ?? nothing;
    if (now.calls === then.calls) return [];
    return [{
      carrierCode: carrierCode === '' ? '(none connected)' : carrierCode,
      calls: now.calls - then.calls,
      answered: now.answered - then.answered,
      minutes: ((now.billedSec - then.billedSec) / 60).toFixed(1),
      sell: decimal(now.sell - then.sell),
      buy: decimal(now.buy - then.buy),
      margin: decimal(now.sell - then.sell - (now.buy - then.buy)),
    }];
  });
}

/** Four decimals, cut, for a table; exact amounts are in the ledger. */
function decimal(nanos: bigint): string {
  const sign = nanos < 0n ? '-' : '';
  const tenThousandths = (nanos < 0n ? -nanos : nanos) / 100_000n;
  return `${sign}${tenThousandths / 10_000n}.${String(tenThousandths % 10_000n).padStart(4, '0')}`;
}

/** The summary for a person. */
export function reportText({ driven, imported, reconciliation: r, carriers, explanation, addresses }: Report): string {
  const n = (value: number) => value.toLocaleString('en');
  const refused = [...driven.refused].sort(([, left], [, right]) => right - left).map(([code, count]) => `    ${code.padEnd(22)} ${n(count)}`);
  const verdict = r.exact ? paint('green', 'exact') : paint('red', 'NOT EXACT');
  return [
    '',
    paint('bold', 'Calls'),
    `  asked to authorize     ${n(driven.authorized + refusedOf(driven))} in ${driven.seconds.toFixed(1)} s`,
    `  authorized             ${n(driven.authorized)}, of them answered ${n(driven.answered)}`,
    `  refused                ${n(refusedOf(driven))}`,
    ...refused,
    `  events told            ${n(driven.events)}, and ${n(driven.repeated)} of them a second time on purpose`,
    `  imported from files    ${n(imported.accepted)} calls of ${n(imported.rows)} rows, ${n(imported.refused)} bad rows kept with their reason`,
    '',
    paint('bold', 'Carriers (EUR)'),
    indent(columns(['carrier', 'calls', 'answered', 'minutes', 'sell', 'buy', 'margin'], carriers.map(cellsOf))),
    '',
    ...(explanation === undefined ? [] : [explanationText(explanation), '']),
    `${paint('bold', 'Reconciliation')}: ${verdict}, ${r.settleSec.toFixed(1)} s after the last event`,
    `  sent ${n(r.sent)} (${n(driven.ended)} authorized + ${n(imported.accepted)} imported) = call records ${n(r.cdrs)} = closed ${n(r.closed)} = rated ${n(r.rated)} = charged ${n(r.charges)}`,
    `  lost ${n(r.lost)}, doubled ${n(r.doubled)}, ledger sum ${r.ledgerSum.join(', ') || '0'}, sold but not charged ${r.soldNotCharged}, dead letters ${n(r.deadLetters)}`,
    '',
    ...Object.entries(addresses).map(([what, address]) => `  ${what.padEnd(9)} ${address}`),
    ...(Object.keys(addresses).length === 0 ? [] : ['']),
  ].join('\n');
}

function cellsOf({ carrierCode, calls, answered, minutes, sell, buy, margin }: CarrierLine): string[] {
  return [carrierCode, calls.toLocaleString('en'), answered.toLocaleString('en'), minutes, sell, buy, margin];
}

function indent(text: string): string {
  return text.split('\n').map((line) => `  ${line}`).join('\n');
}
