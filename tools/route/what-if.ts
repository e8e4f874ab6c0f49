import { formatNanos } from '@tollwire/telecom';
import { z } from 'zod';
import { argumentsOf } from '../cli/arguments.ts';
import { columns } from '../cli/paint.ts';
import { Misuse } from '../cli/stop.ts';
import type { Api } from '../client/api.ts';
import { decksOf, digestOf } from '../client/deck-options.ts';
import { planOption } from '../client/plan-option.ts';
import { nanosOfText } from '../demo/totals.ts';
import { policyBody, policyOptions } from './policy-body.ts';

/** What the command line says of a what-if. */
export interface WhatIfValues {
  readonly against?: string | undefined;
  readonly account?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly tariff?: string | undefined;
  readonly plan?: string | undefined;
  readonly json?: boolean | undefined;
  readonly deck?: readonly string[] | undefined;
}

/** A version of a carrier plan. */
interface DeckVersion {
  readonly ownerId: number;
  readonly digest: string;
}

/** The question as the API takes it. Stops where a policy cannot be read. */
export function whatIfBody(policy: string | undefined, { against, account, from, until }: WhatIfValues, plan: object, versions: readonly DeckVersion[] = []): Record<string, unknown> {
  const decks = versions.length === 0 ? undefined : versions;
  const [after, before] = [policyOfText('--what-if', policy), policyOfText('--against', against)];
  const stated = { decks, after, before, accountCode: account, from, until };
  return { ...plan, ...Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined)) };
}

/** The versions that are named as `3=2` or `3=<digest>`: of carrier plan 3, by the number, the digest or the beginning of it, as ./tollwire deck takes them. */
export async function deckVersions(api: Api, named: readonly string[]): Promise<DeckVersion[]> {
  const wanted = named.map((text) => {
    const [, id, version] = /^([1-9]\d{0,9})=(\w+)$/.exec(text) ?? [];
    if (id === undefined) throw new Misuse(`--deck takes CARRIERPLAN=VERSION, such as 3=2 (./tollwire deck list --kind carrier --owner 3), not "${text}".`);
    return { owner: { kind: 'carrier', ownerId: Number(id) }, version };
  });
  return await Promise.all(wanted.map(async ({ owner, version }) => ({ ownerId: owner.ownerId, digest: digestOf(await decksOf(api, owner), version, owner) })));
}

/** The plan whose calls are compared. The account narrows them down; by which plan it buys is not asked, so the plan is named beside it. */
export function whatIfPlan(values: WhatIfValues): { tariffId: number } | { voipPlanId: number } {
  const { account, tariff, plan } = values;
  if (account !== undefined && tariff === undefined && plan === undefined) throw new Misuse(`Name the VoIP plan of account ${account} too, with --plan ID: a what-if is of the calls of one plan.`);
  return planOption(values);
}

/** What ./tollwire policy set takes beside the terms of a policy. */
const NO_TERMS = ['tariff', 'plan', 'json'];
const TERMS = Object.keys(policyOptions).filter((option) => !NO_TERMS.includes(option));

/** The terms of ./tollwire policy set in one text, without their dashes: `order=weights weight=ALPHA=3 allow-losses`. Stops at a word that is none, which would change nothing. */
function policyOfText(option: string, text: string | undefined): Record<string, unknown> | undefined {
  if (text === undefined) return undefined;
  const words = text.split(/\s+/).filter(Boolean).map((word) => word.replace(/^--/, ''));
  const terms = `The terms are ${TERMS.join(', ')}; what they mean: ./tollwire policy --help.`;
  if (words.length === 0) throw new Misuse(`${option} says no policy. Say one as "order=least_cost". ${terms}`);
  const stray = words.find((word) => !TERMS.includes(word.replace(/=.*$/s, '')));
  if (stray !== undefined) throw new Misuse(`"${stray}" in ${option} is no term of a policy. ${terms}`);
  return policyBody(argumentsOf(words.map((word) => `--${word}`), policyOptions).values);
}

const money = z.object({ amount: z.string(), currency: z.string() });
const destination = z.object({
  countryCode: z.string().default(''), countryName: z.string().default('unknown'), subcode: z.string().default(''), callCount: z.number(), minutes: z.string(), movedCount: z.number(),
  unroutedBeforeCount: z.number(), unroutedAfterCount: z.number(), unknownCount: z.number(), costBefore: money, costAfter: money, marginBefore: money, marginAfter: money,
}).loose();

export const whatIfReply = z.object({
  callCount: z.number(), lookedAtCount: z.number(), unpricedCount: z.number(), isPartial: z.boolean(),
  destinations: z.array(destination),
  moves: z.array(z.object({ from: z.string().default('nobody'), to: z.string().default('nobody'), callCount: z.number(), minutes: z.string() })),
});

type Destination = z.infer<typeof destination>;

/** What was asked, for people: whose calls of which time, and what was tried on them in place of what. */
export interface Compared {
  readonly policy: string | undefined;
  readonly values: WhatIfValues;
  readonly plan: { readonly tariffId: number } | { readonly voipPlanId: number };
}

/** The comparison for people: what was compared, a line for each destination and one for all, then who loses calls to whom. */
export function whatIfLines({ callCount, unpricedCount, isPartial, destinations, moves }: z.infer<typeof whatIfReply>, compared: Compared): string[] {
  const calls = callsText(compared);
  if (callCount === 0) return [`No answered call of ${calls}${unpricedCount === 0 ? '.' : ` has a price now; ${unpricedCount} calls were left out.`}`];
  const base = compared.values.against === undefined ? 'own' : 'against';
  const all = destinations.length < 2 ? [] : totalsOf(destinations);
  const hasLeftOut = destinations.some(({ unroutedBeforeCount, unroutedAfterCount, unknownCount }) => unroutedBeforeCount + unroutedAfterCount + unknownCount > 0);
  return [
    `Answered calls of ${calls}, routed by both:`,
    `  ${base}: ${compared.values.against ?? 'the plan’s own policy, as it was when each call began'}`,
    `  tried: ${triedText(compared)}`,
    columns(['to', 'calls', 'minutes', 'moved', `cost ${base}`, 'cost tried', `margin ${base}`, 'margin tried', '', ''], [...destinations, ...all].map((each) => cellsOf(each, base))),
    ...(hasLeftOut ? ['cost and margin are of the calls that both find a carrier for, at a cost that is known'] : []),
    ...moves.map(({ from, to, callCount: calls, minutes }) => `${calls} calls (${minutes} min) from ${from} to ${to}`),
    ...(unpricedCount === 0 ? [] : [`${unpricedCount} calls have no price now and were left out`]),
    ...(isPartial ? ['there were more calls than one question looks at; ask for fewer days'] : []),
  ];
}

function callsText({ values: { account, from, until }, plan }: Compared): string {
  const whose = `${'tariffId' in plan ? `tariff ${plan.tariffId}` : `VoIP plan ${plan.voipPlanId}`}${account === undefined ? '' : ` by account ${account}`}`;
  if (from === undefined) return `${whose} in the week before ${until ?? 'now'}`;
  return `${whose} from ${from} until ${until ?? 'now'}`;
}

function triedText({ policy, values: { deck = [] } }: Compared): string {
  const decks = deck.map((named) => named.split('=')).map(([owner = '', version = '']) => `version ${version} of carrier plan ${owner}`);
  return [policy ?? 'the plan’s own policy', ...(decks.length === 0 ? [] : [`over ${decks.join(' and ')}`])].join(', ');
}

function cellsOf(each: Destination, base: string): string[] {
  return [
    [each.countryName, each.subcode].filter(Boolean).join(' '), String(each.callCount), each.minutes, String(each.movedCount),
    each.costBefore.amount, each.costAfter.amount, each.marginBefore.amount, each.marginAfter.amount, each.costAfter.currency, noteOf(each, base),
  ];
}

/** All destinations in one line, by currency. */
function totalsOf(destinations: readonly Destination[]): Destination[] {
  return [...Map.groupBy(destinations, ({ costAfter }) => costAfter.currency)].map(([currency, group]) => {
    const count = (name: 'callCount' | 'movedCount' | 'unroutedBeforeCount' | 'unroutedAfterCount' | 'unknownCount') => group.reduce((sum, each) => sum + each[name], 0);
    const amount = (name: 'costBefore' | 'costAfter' | 'marginBefore' | 'marginAfter') =>
      ({ amount: formatNanos(group.reduce((sum, each) => sum + nanosOfText(each[name].amount), 0n)), currency });
    return {
      countryCode: '', countryName: 'all', subcode: '', callCount: count('callCount'), movedCount: count('movedCount'), unknownCount: count('unknownCount'),
      unroutedBeforeCount: count('unroutedBeforeCount'), unroutedAfterCount: count('unroutedAfterCount'), minutes: group.reduce((sum, { minutes }) => sum + Number(minutes), 0).toFixed(2),
      costBefore: amount('costBefore'), costAfter: amount('costAfter'), marginBefore: amount('marginBefore'), marginAfter: amount('marginAfter'),
    };
  });
}

function noteOf({ unroutedBeforeCount, unroutedAfterCount, unknownCount }: Destination, base: string): string {
  return [
    ...(unroutedBeforeCount === 0 ? [] : [`no carrier for ${unroutedBeforeCount} by "${base}"`]),
    ...(unroutedAfterCount === 0 ? [] : [`no carrier for ${unroutedAfterCount} by "tried"`]),
    ...(unknownCount === 0 ? [] : [`cost unknown of ${unknownCount}`]),
  ].join('; ');
}
