import { z } from 'zod';
import { argumentsOf } from '../cli/arguments.ts';
import { columns } from '../cli/paint.ts';
import { Misuse } from '../cli/stop.ts';
import type { Api } from '../client/api.ts';
import { decksOf, digestOf } from '../client/deck-options.ts';
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
  const stated = { decks, after: policy === undefined ? undefined : policyOfText(policy), before: against === undefined ? undefined : policyOfText(against), accountCode: account, from, until };
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

/** The options of ./tollwire policy set in one text, without their dashes: `order=weights weight=ALPHA=3 allow-losses`. */
function policyOfText(text: string): Record<string, unknown> {
  const { values } = argumentsOf(text.split(/\s+/).filter(Boolean).map((word) => `--${word.replace(/^--/, '')}`), policyOptions);
  return policyBody(values);
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

/** The comparison for people: a line for each destination, then who loses calls to whom. */
export function whatIfLines({ callCount, unpricedCount, isPartial, destinations, moves }: z.infer<typeof whatIfReply>): string[] {
  if (callCount === 0) return ['no answered call of this plan in this time'];
  const lines = destinations.map((each) => [
    [each.countryName, each.subcode].filter(Boolean).join(' '), String(each.callCount), each.minutes, String(each.movedCount),
    each.costBefore.amount, each.costAfter.amount, each.marginBefore.amount, each.marginAfter.amount, each.costAfter.currency, noteOf(each),
  ]);
  return [
    columns(['to', 'calls', 'minutes', 'moved', 'cost', 'cost then', 'margin', 'margin then', '', ''], lines),
    ...moves.map(({ from, to, callCount: calls, minutes }) => `${calls} calls (${minutes} min) from ${from} to ${to}`),
    ...(unpricedCount === 0 ? [] : [`${unpricedCount} calls have no price now and were left out`]),
    ...(isPartial ? ['there were more calls than one question looks at; ask for fewer days'] : []),
  ];
}

function noteOf({ unroutedBeforeCount, unroutedAfterCount, unknownCount }: z.infer<typeof destination>): string {
  return [
    ...(unroutedBeforeCount + unroutedAfterCount === 0 ? [] : [`no carrier for ${unroutedBeforeCount}, then for ${unroutedAfterCount}`]),
    ...(unknownCount === 0 ? [] : [`cost unknown of ${unknownCount}`]),
  ].join('; ');
}
