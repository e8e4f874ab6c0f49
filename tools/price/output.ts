import { type PricedCall, type PricedConversion, pricesOf } from '../../services/rating/src/price-file/price-file.ts';
import { columns, paint } from '../cli/paint.ts';
import { makeRates } from './make-rates.ts';

export interface OutputOptions {
  /** How each price comes about, below the table. */
  readonly explain: boolean;
  readonly json: boolean;
}

/** What a document's prices look like, and the exit code. */
export interface PricedOutput {
  readonly text: string;
  /** What is wrong with the document, for the error output. */
  readonly faults: string;
  readonly exitCode: 0 | 2;
}

/** Prices a document, for people or for programs. */
export async function pricedOutput(document: string, { explain, json }: OutputOptions): Promise<PricedOutput> {
  const priced = await pricesOf(document, makeRates);
  if (!priced.ok) {
    const { faults } = priced.refusal;
    if (json) return { text: `${JSON.stringify(priced.refusal)}\n`, faults: '', exitCode: 2 };
    return { text: '', faults: `The document is malformed:\n${faults.map(({ path, message }) => `  ${path}  ${message}\n`).join('')}`, exitCode: 2 };
  }
  if (json) return { text: priced.value.map((call) => `${JSON.stringify(call)}\n`).join(''), faults: '', exitCode: 0 };
  const parts = [tableOf(priced.value), ...(explain ? priced.value.map(explained) : [])];
  return { text: `${parts.join('\n\n')}\n`, faults: '', exitCode: 0 };
}

type Column = readonly [title: string, cell: (call: PricedCall) => string];

const ALWAYS: readonly Column[] = [
  ['call', ({ id }) => id],
  ['number', ({ number }) => number],
  ['plan', ({ plan = '' }) => plan],
  ['prefix', ({ prefix = '' }) => prefix],
  ['seconds', ({ durationSec }) => String(durationSec ?? '')],
  ['billed', ({ billedSec }) => String(billedSec ?? '')],
  ['price', ({ amount, refusal }) => amount ?? refusal?.code ?? ''],
  ['currency', ({ currency = '' }) => currency],
];

/** Columns that are shown where a call has something for them. */
const WHERE_KNOWN: readonly Column[] = [
  ['tax', ({ tax }) => (tax === undefined || /^0\.0*$/.test(tax) ? '' : tax)],
  ['windows', ({ windows = [] }) => windows.join(', ')],
  ['free', ({ allowances = [] }) => allowances.map(({ name, sec }) => `${sec} s of ${name}`).join(', ')],
  ['limit', ({ maxDurationSec }) => (maxDurationSec === undefined ? '' : `${maxDurationSec} s`)],
  ['buy', ({ buy }) => (buy?.total === undefined ? (buy?.refusal ?? '') : `${buy.total.amount} ${buy.total.currency}`)],
  ['margin', ({ margin = '' }) => margin],
];

function tableOf(calls: readonly PricedCall[]): string {
  const shown = [...ALWAYS, ...WHERE_KNOWN.filter(([, cell]) => calls.some((call) => cell(call) !== ''))];
  return columns(shown.map(([title]) => title), calls.map((call) => shown.map(([, cell]) => cell(call))));
}

function explained(call: PricedCall): string {
  const { id, lines = [], refusal, maxDurationSec, interim = [], buy, net = '', currency = '', margin, marginRefusal } = call;
  return [
    paint('bold', id),
    refusal === undefined ? matchText(call) : `${refusal.code} at ${refusal.field}: ${refusal.detail}`,
    ...lines,
    ...interim.map((part) => `seconds ${part.fromSec} to ${part.untilSec}: ${part.amount}`),
    ...(maxDurationSec === undefined ? [] : [`it may last ${maxDurationSec} s`]),
    ...(buy?.price === undefined ? [] : [`bought from ${buy.carrier ?? ''} by prefix ${buy.price.prefix}`, ...buy.price.lines.map((line) => `  ${line}`)]),
    ...(buy?.attempts ?? []).map(({ carrier, amount, currency = '', converted, refusal: code = '' }) =>
      `attempt over ${carrier} that failed: ${amount === undefined ? code : `${amount} ${currency}${conversionText(converted)}`}`),
    ...(buy?.total === undefined ? [] : [`bought for ${buy.total.amount} ${buy.total.currency} in all${conversionText(buy.converted)}`]),
    ...(margin === undefined ? [] : [`margin: ${net} ${currency} before tax − ${buy?.converted?.amount ?? buy?.total?.amount ?? ''} = ${margin} ${currency}`]),
    ...(marginRefusal === undefined ? [] : [`no margin: ${marginRefusal}`]),
  ].map((line, at) => (at === 0 ? line : `  ${line}`)).join('\n');
}

function matchText({ number, prefix = '', plan = '', ratePlan = plan }: PricedCall): string {
  const by = ratePlan === plan ? '' : `, by its retail plan ${ratePlan}`;
  return `${number} matches ${prefix === '' ? 'no prefix' : `prefix ${prefix}`} of plan ${plan}${by}`;
}

function conversionText(converted: PricedConversion | undefined): string {
  if (converted === undefined) return '';
  const by = converted.exchange.map(({ base, quote, rate, source, from }) => `1 ${base} = ${rate} ${quote} (${source}, ${from === 'always' ? from : `from ${from}`})`);
  return ` = ${converted.amount} ${converted.currency} by ${by.join(' and ')}`;
}
