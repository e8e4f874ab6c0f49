import { callKey } from '@tollwire/contracts';
import { z } from 'zod';
import { columns } from '../cli/paint.ts';
import type { Told } from '../cli/told.ts';
import type { Api } from '../client/api.ts';
import { keptRefusal, refusalText } from './refusal-text.ts';

const refusedCall = z.looseObject({
  call: z.object({ switchId: z.string(), callId: z.string(), leg: z.number().default(0) }), refusedAt: z.string(), calledE164: z.string().default(''),
  charged: z.object({ cardId: z.string().optional(), accountCode: z.string().optional() }).default({}),
  refusal: keptRefusal.optional(),
});
const listed = z.object({ calls: z.array(refusedCall).default([]), nextCursor: z.string().default('') });

/** By which refused calls are found. */
export interface RefusedOptions {
  readonly card?: string | undefined;
  readonly account?: string | undefined;
  readonly code?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly cursor?: string | undefined;
}

/** One page of the calls that were not let through, the latest first, and how to ask for the next. */
export async function refusedCalls(api: Pick<Api, 'get'>, { card: cardId, account: accountCode, code, from, until, cursor }: RefusedOptions): Promise<Told> {
  const asked = Object.entries({ cardId, accountCode, code, from, until, cursor }).filter((entry): entry is [string, string] => entry[1] !== undefined);
  const page = await api.get(`/v1/calls/refused?${new URLSearchParams(asked).toString()}`, listed);
  const lines = page.calls.length === 0 ? [] : columns(['refused', 'call', 'payer', 'to', 'code', 'why'], page.calls.map(lineOf)).split('\n');
  return { json: page, lines: [...lines, ...(page.nextCursor === '' ? [] : [`more: --cursor ${page.nextCursor}`])] };
}

function lineOf({ call, refusedAt, calledE164, charged: { cardId, accountCode }, refusal }: z.infer<typeof refusedCall>): string[] {
  return [refusedAt.slice(0, 23), callKey(call).replace(/\/0$/, ''), cardId ?? accountCode ?? '', calledE164, refusal?.code ?? '', refusal === undefined ? '' : refusalText(refusal)];
}
