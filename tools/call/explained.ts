import { z } from 'zod';
import { Misuse } from '../cli/stop.ts';
import type { Explanation } from '../demo/explain.ts';

const listed = z.object({ carrierCode: z.string(), reason: z.string().default(''), deckDigest: z.string().default('') });

/** What the API explains of a call. */
export const explainedCall = z.object({
  sellSteps: z.array(z.string()).default([]), buySteps: z.array(z.string()).default([]),
  record: z.object({ calledNumber: z.string().default(''), calledE164: z.string().default('') }).loose(),
  route: z.object({
    decidedAt: z.string().default(''), calledE164: z.string().default(''),
    carriers: z.array(listed).default([]), excluded: z.array(listed.extend({ code: z.string() })).default([]),
  }).loose().optional(),
});

/** Where a call is explained, by `SWITCH/CALL` or `SWITCH/CALL/LEG`. */
export function explainPath(key: string | undefined): string {
  const [, switchId, callId, leg = '0'] = /^([^/]+)\/([^/]+)(?:\/(\d{1,3}))?$/.exec(key ?? '') ?? [];
  if (switchId === undefined || callId === undefined) throw new Misuse('Name the call: ./tollwire call explain SWITCH/CALL, with its leg where it has one. A / within a name is written %2F.');
  return `/v1/calls/${part(switchId)}/${part(callId)}/explain?leg=${leg}`;
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
    carriers: route === undefined
      ? ['not decided here: the call was not authorized']
      : route.carriers.map(({ carrierCode, reason, deckDigest }, at) => `${at + 1}. ${carrierCode}: ${reason}${version(deckDigest)}`),
    excluded: (route?.excluded ?? []).map(({ carrierCode, code, reason, deckDigest }) => `${carrierCode} (${code}): ${reason}${version(deckDigest)}`),
  };
}
