import { z } from 'zod';
import { columns, paint } from '../cli/paint.ts';

const money = z.object({ amount: z.string(), currency: z.string() });
const call = z.object({ switchId: z.string().default(''), callId: z.string().default(''), leg: z.number() });
const charged = z.object({ cardId: z.string().optional(), accountCode: z.string().optional() }).default({});
const difference = z.object({ currency: z.string(), sellDifference: z.string(), buyDifference: z.string() });
const changed = z.object({ call, charged, sellBefore: money, sellAfter: money, buyBefore: money.optional(), buyAfter: money.optional() });

/** A re-rating as the API tells it. */
export const rerating = z.looseObject({
  reratingId: z.string(),
  apply: z.boolean(),
  status: z.string(),
  by: z.string().default(''),
  reason: z.string().default(''),
  requestedAt: z.string(),
  reached: z.string(),
  callCount: z.number(),
  changedCount: z.number(),
  refusedCount: z.number(),
  totals: z.array(difference),
  parties: z.array(difference.extend({ charged, changedCount: z.number() })),
  partyCount: z.number(),
  worst: z.array(changed),
  refusals: z.array(z.object({ code: z.string(), callCount: z.number(), someCalls: z.array(call) })),
});
export type Rerating = z.infer<typeof rerating>;

export const reratings = z.object({ reratings: z.array(rerating) });

/** What a re-rating has found, for a person. */
export function reratingText(job: Rerating): string {
  const did = job.apply ? 'were changed' : 'would change';
  const one = [
    `${paint('bold', job.reratingId)}  ${job.apply ? 'applied' : 'dry run'}, ${job.status}${job.reason === '' ? '' : `: ${job.reason}`}`,
    `${job.callCount} calls looked at, ${job.changedCount} ${did}, ${job.refusedCount} cannot be rated now and stay as they are`,
  ];
  return [
    ...one,
    ...section('In all, new less old', ['currency', 'sell', 'buy'], job.totals.map((sum) => [sum.currency, sum.sellDifference, sum.buyDifference])),
    ...section(
      `Who pays${job.partyCount > job.parties.length ? ` (the first of ${job.partyCount})` : ''}`,
      ['party', 'calls', 'currency', 'sell', 'buy'],
      job.parties.map((party) => [partyText(party.charged), String(party.changedCount), party.currency, party.sellDifference, party.buyDifference]),
    ),
    ...section(
      'The largest changes',
      ['call', 'party', 'sell before', 'after', 'buy before', 'after'],
      job.worst.map((each) => [
        ...[callText(each.call), partyText(each.charged), moneyText(each.sellBefore), moneyText(each.sellAfter)],
        ...[moneyText(each.buyBefore), moneyText(each.buyAfter)],
      ]),
    ),
    ...section('Cannot be rated now', ['why', 'calls', 'such as'], job.refusals.map(({ code, callCount, someCalls }) => [code, String(callCount), someCalls.map(callText).join(' ')])),
  ].join('\n');
}

function section(title: string, header: readonly string[], rows: readonly (readonly string[])[]): string[] {
  return rows.length === 0 ? [] : ['', title, columns(header, rows)];
}

function callText({ switchId, callId, leg }: z.infer<typeof call>): string {
  return `${switchId}/${callId}${leg === 0 ? '' : `/${leg}`}`;
}

function partyText({ cardId, accountCode }: z.infer<typeof charged>): string {
  return cardId === undefined ? (accountCode ?? '') : `card ${cardId}`;
}

function moneyText(money: { readonly amount: string; readonly currency: string } | undefined): string {
  return money === undefined ? '-' : `${money.amount} ${money.currency}`;
}
