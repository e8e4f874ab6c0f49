import { callKey } from '@tollwire/contracts';
import { z } from 'zod';
import { columns } from '../cli/paint.ts';
import type { Told } from '../cli/told.ts';
import type { Api } from '../client/api.ts';
import { explainPath } from '../call/explained.ts';

const money = z.object({ amount: z.string(), currency: z.string() });
const instants = {
  startedAt: z.string().optional(), ringingAt: z.string().optional(), answeredAt: z.string().optional(), endedAt: z.string().optional(),
  startedReceivedAt: z.string().optional(), ringingReceivedAt: z.string().optional(), answeredReceivedAt: z.string().optional(), endedReceivedAt: z.string().optional(),
  ratedReceivedAt: z.string().optional(), lastReceivedAt: z.string().optional(),
};
const record = z.looseObject({
  call: z.object({ switchId: z.string(), callId: z.string(), leg: z.number().default(0) }),
  status: z.string(), charged: z.object({ cardId: z.string().optional(), accountCode: z.string().optional() }).default({}),
  cli: z.string().default(''), calledNumber: z.string().default(''), calledE164: z.string().default(''), ...instants,
  sessionTimeSec: z.number().default(0), pulseTimeSec: z.number().default(0), q850Cause: z.number().default(0), terminateCause: z.string().default(''),
  carrierCode: z.string().default(''), sell: money.optional(), buy: money.optional(), margin: money.optional(), flags: z.array(z.string()).default([]),
  attempts: z.array(z.looseObject({ carrierCode: z.string().default(''), q850Cause: z.number().default(0) })).default([]),
});
type Call = z.infer<typeof record>;

const found = z.object({ calls: z.array(record).default([]), nextCursor: z.string().default('') });

/** One page of the calls that a search finds, the newest first, and how to ask for the next. */
export async function searchCalls(api: Pick<Api, 'get'>, asked: Readonly<Record<string, string>>): Promise<Told> {
  const page = await api.get(`/v1/calls?${new URLSearchParams(asked).toString()}`, found);
  const head = ['started', 'call', 'status', 'payer', 'from', 'to', 'billed s', 'cause', 'carrier', 'sell', 'flags'];
  const lines = page.calls.length === 0 ? [] : columns(head, page.calls.map(lineOf)).split('\n');
  return { json: page, lines: [...lines, ...(page.nextCursor === '' ? [] : [`more: --cursor ${page.nextCursor}`])] };
}

function lineOf(call: Call): string[] {
  const { startedAt = '', status, cli, calledE164, calledNumber, pulseTimeSec, q850Cause, carrierCode, sell, flags } = call;
  return [startedAt.slice(0, 23), keyOf(call), status, payerOf(call), cli, calledE164 || calledNumber, `${pulseTimeSec}`, `${q850Cause}`, carrierCode, moneyText(sell), flags.join(' ')];
}

/** One call as it is recorded: each of its times by the clock of its switch and by ours. */
export async function showCall(api: Pick<Api, 'get'>, key: string | undefined, reason: string | undefined): Promise<Told> {
  const path = explainPath(key, '', 'cdr show');
  const call = await api.get(reason === undefined ? path : `${path}&${new URLSearchParams({ reason }).toString()}`, record);
  return { json: call, lines: detailOf(call) };
}

function detailOf(call: Call): string[] {
  const { status, flags, cli, calledNumber, calledE164, sessionTimeSec, pulseTimeSec, q850Cause, terminateCause, carrierCode, attempts, sell, buy, margin } = call;
  const tried = attempts.map((attempt) => `${attempt.carrierCode} ${attempt.q850Cause}`).join(', ');
  const facts = [
    ['call', keyOf(call)], ['status', [status, ...flags].join(' ')], ['payer', payerOf(call)], ['from', cli], ['to', [calledNumber, calledE164].filter(Boolean).join(', read as ')],
    ['cause', [q850Cause, terminateCause].filter(Boolean).join(' ')], ['carrier', carrierCode], ['tried', tried], ['seconds', `${sessionTimeSec}, billed ${pulseTimeSec}`],
    ['sell', moneyText(sell)], ['buy', moneyText(buy)], ['margin', moneyText(margin)],
  ];
  return [...facts.flatMap(([name = '', text = '']) => (text === '' ? [] : [`${name.padEnd(8)} ${text}`])), '', ...columns(['', 'by its switch', 'received here'], timesOf(call)).split('\n')];
}

function timesOf(call: Call): string[][] {
  const rows = [
    ['started', call.startedAt, call.startedReceivedAt], ['ringing', call.ringingAt, call.ringingReceivedAt], ['answered', call.answeredAt, call.answeredReceivedAt],
    ['ended', call.endedAt, call.endedReceivedAt], ['rated', undefined, call.ratedReceivedAt], ['last told', undefined, call.lastReceivedAt],
  ];
  return rows.filter(([, ...instant]) => instant.some((at) => at !== undefined)).map((cells) => cells.map((cell = '') => cell));
}

/** As a call is named to commands: its leg only where it has one. */
function keyOf({ call }: Call): string {
  return callKey(call).replace(/\/0$/, '');
}

function payerOf({ charged: { cardId, accountCode } }: Call): string {
  return cardId ?? accountCode ?? '';
}

function moneyText(amount: z.infer<typeof money> | undefined): string {
  return amount === undefined ? '' : `${amount.amount} ${amount.currency}`;
}
