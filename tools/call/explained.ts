import { z } from 'zod';
import { Misuse, Stop } from '../cli/stop.ts';
import type { Told } from '../cli/told.ts';
import { type Api, ApiProblem } from '../client/api.ts';
import { withNextStep } from '../client/option-words.ts';
import { type Explanation, explanationText } from '../demo/explain.ts';
import { keptRefusal, refusalText } from './refusal-text.ts';

const listed = z.object({ carrierCode: z.string(), reason: z.string().default(''), deckDigest: z.string().default('') });

const routeFields = {
  decidedAt: z.string().default(''), calledE164: z.string().default(''), routedBy: z.string().default(''), refusal: keptRefusal.optional(),
  carriers: z.array(listed).default([]), excluded: z.array(listed.extend({ code: z.string() })).default([]),
};

/** What the API explains of a call. */
export const explainedCall = z.looseObject({
  sellSteps: z.array(z.string()).default([]), buySteps: z.array(z.string()).default([]),
  record: z.object({ calledNumber: z.string().default(''), calledE164: z.string().default('') }).loose(),
  route: z.looseObject(routeFields).optional(),
});

/** What the API tells of a call that was authorized, whatever became of it since, or refused. */
export const decidedRoute = z.looseObject(routeFields);

/** Where a call is explained, by `SWITCH/CALL` or `SWITCH/CALL/LEG`; or its record, or its route. */
export function explainPath(key: string | undefined, what = '/explain', command = 'call explain'): string {
  const [, switchId, callId, leg = '0'] = /^([^/]+)\/([^/]+)(?:\/(\d{1,3}))?$/.exec(key ?? '') ?? [];
  if (switchId === undefined || callId === undefined) throw new Misuse(`Name the call: ./tollwire ${command} SWITCH/CALL, with its leg where it has one. A / within a name is written %2F.`);
  return `/v1/calls/${part(switchId)}/${part(callId)}${what}?leg=${leg}`;
}

function part(name: string): string {
  return encodeURIComponent(name.replaceAll('%2F', '/').replaceAll('%25', '%'));
}

/** The whole of it, for people: the route as it was decided, each place with the deck version of its rate. */
export function explanationOf(callId: string, { sellSteps, buySteps, record, route }: z.infer<typeof explainedCall>): Explanation {
  const version = (deckDigest: string) => (deckDigest === '' ? '' : ` (deck ${deckDigest.slice(0, 12)})`);
  return {
    callId, sellSteps, buySteps,
    calledNumber: record.calledNumber || record.calledE164,
    e164: route?.calledE164 || record.calledE164,
    ...(route === undefined || route.routedBy === '' ? {} : { routedBy: route.routedBy }),
    ...(route === undefined || route.decidedAt === '' ? {} : { decidedAt: route.decidedAt }),
    carriers: route === undefined
      ? ['not decided here: the call was not authorized']
      : route.carriers.map(({ carrierCode, reason, deckDigest }, at) => `${at + 1}. ${carrierCode}: ${reason}${version(deckDigest)}`),
    excluded: (route?.excluded ?? []).map(({ carrierCode, code, reason, deckDigest }) => `${carrierCode} (${code}): ${reason}${version(deckDigest)}`),
  };
}

/**
 * A call that is not rated (yet): its route, where one was decided, and why there is no price, or why it was refused. Stops where nobody knows
 * the call, and with the refusal where it was told but never authorized here.
 */
export async function unratedCall(api: Pick<Api, 'get'>, key: string, refusal: ApiProblem): Promise<Told> {
  const route = await knownAt(api, explainPath(key, '/route'), decidedRoute);
  if (route === undefined) {
    const record = await knownAt(api, explainPath(key, ''), z.looseObject({}));
    throw record === undefined ? new Stop(`${withNextStep(`There is no call ${key}.`, 'unknown_call')} [unknown_call]`) : refusal;
  }
  const explanation = explanationOf(key, { sellSteps: [], buySteps: [], record: { calledNumber: '', calledE164: route.calledE164 }, route });
  const told = { code: refusal.code, detail: refusal.detail };
  const { refusal: refused } = route;
  if (refused !== undefined) return { json: { route }, lines: [explanationText(explanation), `  refused, ${[refused.code, refusalText(refused)].filter(Boolean).join(': ')}`] };
  return { json: { route, notRated: told }, lines: [explanationText(explanation), `  not rated yet: ${refusal.detail}`] };
}

async function knownAt<Schema extends z.ZodType>(api: Pick<Api, 'get'>, path: string, schema: Schema): Promise<z.infer<Schema> | undefined> {
  try {
    return await api.get(path, schema);
  } catch (error) {
    if (error instanceof ApiProblem && error.code === 'unknown_call') return undefined;
    throw error;
  }
}
