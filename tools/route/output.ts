import { columns } from '../cli/paint.ts';
import { callerIdColumn } from './caller-id-column.ts';
import type { RoutedCall } from './routed-call.ts';
import { routesOf } from './routes-of.ts';

/** What a document's routes look like, and the exit code. */
export interface RoutedOutput {
  readonly text: string;
  /** What is wrong with the document, for the error output. */
  readonly faults: string;
  readonly exitCode: 0 | 2;
}

/** Routes the calls of a document, for people or for programs. */
export async function routedOutput(document: string, { json }: { readonly json: boolean }): Promise<RoutedOutput> {
  const routed = await routesOf(document);
  if (!routed.ok) {
    const { faults } = routed.refusal;
    if (json) return { text: `${JSON.stringify(routed.refusal)}\n`, faults: '', exitCode: 2 };
    return { text: '', faults: `The document is malformed:\n${faults.map(({ path, message }) => `  ${path}  ${message}\n`).join('')}`, exitCode: 2 };
  }
  if (json) return { text: routed.value.map((call) => `${JSON.stringify(call)}\n`).join(''), faults: '', exitCode: 0 };
  return { text: `${routed.value.map(textOf).join('\n\n')}\n`, faults: '', exitCode: 0 };
}

function textOf(call: RoutedCall): string {
  const { id, number, e164, routedBy, plan, caller, sell, notice, carriers, excluded, refusal, next } = call;
  const callerIds = callerIdColumn(carriers);
  const ranked = carriers.map((each) => [String(each.place), each.carrier, each.ratePerMin, each.price, each.currency, each.margin ?? '', each.number, ...callerIds.cellOf(each), each.reason]);
  return [
    `${id}: ${number}${e164 === undefined || e164 === number ? '' : ` is ${e164}`}${plan === undefined ? '' : `, plan ${plan}`}`,
    ...(routedBy === undefined ? [] : [`  routed by ${routedBy}`]),
    ...(caller === undefined ? [] : [`  caller ${caller}`]),
    ...(notice === undefined ? [] : [`  on the ${notice.list} by prefix ${notice.prefix}${notice.country === undefined ? '' : ` of ${notice.country}`}`]),
    ...(sell === undefined ? [] : [`  sold by prefix ${sell.prefix} at ${sell.ratePerMin} ${sell.currency} a minute: ${sell.price} for ${sell.expectedSec} s`]),
    ...(refusal === undefined ? [] : [`  ${refusal.code}: ${refusal.detail}${refusal.facts === undefined ? '' : ` (${factsOf(refusal.facts)})`}`]),
    ...(ranked.length === 0 ? [] : indented(columns(['', 'carrier', 'per min', 'price', '', 'margin', 'number', ...callerIds.heading, 'why'], ranked))),
    ...excluded.map(({ carrier, code, reason }) => `  ${carrier} is out (${code}): ${reason}`),
    ...(next === undefined ? [] : [`  after the attempts: ${next ?? 'no other carrier'}`]),
  ].join('\n');
}

function indented(text: string): string[] {
  return text.split('\n').map((line) => `  ${line}`.trimEnd());
}

function factsOf(facts: Readonly<Record<string, string>>): string {
  return Object.entries(facts).map(([fact, value]) => `${fact} ${value}`).join(', ');
}
