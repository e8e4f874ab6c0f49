import { z } from 'zod';
import { paint } from '../cli/paint.ts';
import type { Api } from '../client/api.ts';
import type { Sample } from './drive.ts';

const explained = z.object({ sellSteps: z.array(z.string()), buySteps: z.array(z.string()), record: z.object({ status: z.string(), terminateCause: z.string().default('') }) });

/** One call in full: who could carry it and why, who could not and why, and how both prices came out as they did. */
export interface Explanation {
  readonly callId: string;
  readonly calledNumber: string;
  readonly e164: string;
  /** What its carriers were found by, where number portability led elsewhere. */
  readonly routedBy?: string;
  /** When the carriers were, where that is kept. */
  readonly decidedAt?: string;
  readonly carriers: readonly string[];
  readonly excluded: readonly string[];
  readonly sellSteps: readonly string[];
  readonly buySteps: readonly string[];
}

/** Asks the live services how the call came out; nothing is computed here. */
export async function explain(api: Api, switchId: string, { call, answer }: Sample): Promise<Explanation> {
  const { sellSteps, buySteps } = await api.get(`/v1/calls/${encodeURIComponent(switchId)}/${encodeURIComponent(call.callId)}/explain`, explained);
  return {
    callId: call.callId,
    calledNumber: call.calledNumber,
    e164: answer.calledE164,
    ...(answer.routedBy === '' ? {} : { routedBy: answer.routedBy }),
    carriers: answer.carriers.map(({ carrierCode, reason }, at) => `${at + 1}. ${carrierCode}: ${reason}`),
    excluded: answer.excluded.map(({ carrierCode, code, reason }) => `${carrierCode} (${code}): ${reason}`),
    sellSteps,
    buySteps,
  };
}

export function explanationText({ callId, calledNumber, e164, routedBy, decidedAt, carriers, excluded, sellSteps, buySteps }: Explanation): string {
  const part = (title: string, lines: readonly string[]) => (lines.length === 0 ? [] : [`  ${paint('bold', title)}`, ...lines.map((line) => `    ${line}`)]);
  const decided = `${routedBy === undefined ? '' : `, routed by ${routedBy}`}${decidedAt === undefined ? '' : `, decided at ${decidedAt}`}`;
  return [
    `${paint('bold', 'One call explained')}: ${callId}, dialled ${calledNumber}, read as ${e164}${decided}`,
    ...part('carriers, in order', carriers),
    ...part('carriers that are out', excluded),
    ...part('what it sells for', sellSteps),
    ...part('what it is bought for', buySteps),
  ].join('\n');
}
