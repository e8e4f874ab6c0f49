import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { balanceLine, lowBalanceLine, paymentLine, proposalLine, reservationLines, statementLines } from './account/lines.ts';
import { type AccountOptions, amountBody, needed, payerBody, paymentBody, statementPath, stretchQuery } from './account/options.ts';
import { balance, lowBalances, payment, payments, proposal, proposals, reservations } from './account/replies.ts';
import { wholeStatement } from './account/statement.ts';
import { argumentsOf } from './cli/arguments.ts';
import { changeOf } from './cli/none.ts';
import { Misuse } from './cli/stop.ts';
import { tell, type Told } from './cli/told.ts';
import type { Api } from './client/api.ts';
import { runningApi } from './client/connect.ts';
import { payerPath } from './client/payer-path.ts';

export const summary = 'opens accounts, shows and moves their money';

export const help = `
./tollwire account open CUSTOMER --code CODE [--code CODE ...] --plan ID --currency EUR [--postpaid --limit AMOUNT] [--name COMPANY]
./tollwire account show WHOSE                              what is there, reserved and free
./tollwire account statement (WHOSE | --ledger NAME) [--from INSTANT] [--until INSTANT]
./tollwire account reservations WHOSE                      the calls that credit is set aside for
./tollwire account payments WHOSE
./tollwire account pay WHOSE --amount 10.00 --currency EUR --provider NAME --id PAYMENT
./tollwire account refund PAYMENT --provider NAME --id REVERSAL [--amount 10.00 --currency EUR] [--chargeback]
./tollwire account credit WHOSE --amount 10.00 --currency EUR [--id ID]
./tollwire account propose WHOSE --amount 20000.00 --currency EUR --reason TEXT [--id ID] [--provider NAME --payment PAYMENT]
./tollwire account proposals [--status proposed|posted|rejected]
./tollwire account approve ID [--note TEXT]                by somebody else than who proposed it
./tollwire account reject ID [--note TEXT]
./tollwire account alert [WHOSE | --type CARDTYPE] [--below AMOUNT ... | --none]   when BalanceLow is told, or that it is
                                                           not; of all accounts where nobody is named. Where neither is
                                                           said: what is set, for WHOSE the nearest first, which counts
./tollwire account commission RESELLER --percent 10 [--type CARDTYPE]

  WHOSE          --card ID or --account CODE
  --ledger NAME  any account of the ledger: revenue:EUR, tax:EUR, cost:EUR, carrier:CODE:EUR, reseller:ID:EUR, commission:EUR,
                 breakage:EUR, funding:EUR, card:ID, customer:ID
  --id ID        names what is posted: the same one posts once (made up where none is given)
  --payment      the credit is this payment of the provider: it is taken under that name, with the commission on it
  --json         what the API answers
`;

const options = {
  card: { type: 'string' }, account: { type: 'string' }, ledger: { type: 'string' }, from: { type: 'string' }, until: { type: 'string' }, at: { type: 'string' },
  amount: { type: 'string' }, currency: { type: 'string' }, id: { type: 'string' }, provider: { type: 'string' }, payment: { type: 'string' }, reason: { type: 'string' }, note: { type: 'string' },
  status: { type: 'string' }, code: { type: 'string', multiple: true }, plan: { type: 'string' }, postpaid: { type: 'boolean' }, limit: { type: 'string' },
  name: { type: 'string' }, below: { type: 'string', multiple: true }, none: { type: 'boolean' }, type: { type: 'string' }, percent: { type: 'string' }, chargeback: { type: 'boolean' },
  json: { type: 'boolean' },
} as const;

/** Words that each action takes after its name. */
const wordsTaken = {
  open: 1, show: 0, statement: 0, reservations: 0, payments: 0, pay: 0, refund: 1, credit: 0, propose: 0, proposals: 0, approve: 1, reject: 1, alert: 0, commission: 1,
};

type Values = ReturnType<typeof parse>['values'];
const parse = (args: readonly string[]) => argumentsOf(args, options, wordsTaken);

type Action = (api: Api, values: Values, name: string | undefined) => Promise<Told>;

const anything = z.looseObject({});

const actions: Readonly<Record<string, Action>> = {
  open: openAccount,
  show: async (api, values) => {
    const shown = await api.get(`${payerPath(values)}/balance`, balance);
    return { json: shown, lines: [balanceLine(shown)] };
  },
  statement: async (api, values) => {
    const whole = await wholeStatement(api, statementPath(values), stretchQuery(values));
    return { json: whole, lines: statementLines(whole) };
  },
  reservations: async (api, values) => {
    const open = await api.get(`${payerPath(values)}/reservations`, reservations);
    return { json: open, lines: reservationLines(open) };
  },
  payments: async (api, values) => {
    const made = await allPayments(api, `${payerPath(values)}/payments`);
    return { json: { payments: made }, lines: made.map(paymentLine) };
  },
  pay: async (api, values) => {
    const body = { provider: needed('--provider NAME', values.provider), paymentId: needed('--id PAYMENT', values.id), ...payerBody(values), amount: amountBody(values) };
    return paymentTold(await api.post('/v1/payments', body, payment));
  },
  refund,
  credit: async (api, values) => {
    const posted = await api.post('/v1/credits', { ...payerBody(values), amount: amountBody(values), transferId: values.id ?? randomUUID() }, balance);
    return { json: posted, lines: [balanceLine(posted)] };
  },
  propose: async (api, values) => {
    const body = { ...payerBody(values), amount: amountBody(values), transferId: values.id ?? randomUUID(), reason: needed('--reason TEXT', values.reason), ...paymentBody(values) };
    return proposalTold(await api.post('/v1/credit-proposals', body, proposal));
  },
  proposals: async (api, { status }) => {
    const listed = await api.get(`/v1/credit-proposals${status === undefined ? '' : `?status=${encodeURIComponent(status)}`}`, proposals);
    return { json: listed, lines: listed.proposals.map(proposalLine) };
  },
  approve: (api, values, name) => decide(api, 'approve', values, name),
  reject: (api, values, name) => decide(api, 'reject', values, name),
  alert,
  commission: async (api, { percent, type }, name) => {
    const body = { resellerId: Number(needed('the number of the reseller', name)), percent: needed('--percent 10', percent), ...(type === undefined ? {} : { cardTypeId: Number(type) }) };
    return { json: await api.post('/v1/commissions', body, anything), lines: [`reseller ${body.resellerId} earns ${body.percent} % of payments from now on`] };
  },
};

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [name = '', subject] } = parse(args);
  const action = Object.hasOwn(actions, name) ? actions[name] : undefined;
  if (action === undefined) throw new Misuse('Say what to do: ./tollwire account show --account ACME-01');
  const told = await action(runningApi(), values, subject);
  tell(told, values.json);
}

async function openAccount(api: Api, values: Values, customerId: string | undefined): Promise<Told> {
  const { code, plan, currency, postpaid = false, limit, name } = values;
  const body = {
    customerId: needed('the id of the customer', customerId),
    accountCodes: code ?? [],
    voipPlanId: Number(needed('--plan ID', plan)),
    currency: needed('--currency EUR', currency),
    postpaid,
    ...(limit === undefined ? {} : { creditLimit: { amount: limit, currency } }),
    ...(name === undefined ? {} : { companyName: name }),
  };
  return { json: await api.post('/v1/accounts', body, anything), lines: [`${body.customerId} has an account under ${body.accountCodes.join(', ')}`] };
}

async function allPayments(api: Api, path: string): Promise<z.infer<typeof payment>[]> {
  const all: z.infer<typeof payment>[] = [];
  for (let query = ''; ; ) {
    const page = await api.get(`${path}${query}`, payments);
    all.push(...page.payments);
    if (page.nextCursor === undefined) return all;
    query = `?cursor=${encodeURIComponent(page.nextCursor)}`;
  }
}

async function refund(api: Api, values: Values, paymentId: string | undefined): Promise<Told> {
  const part: AccountOptions = values;
  const path = `/v1/payments/${encodeURIComponent(needed('--provider NAME', values.provider))}/${encodeURIComponent(needed('the id of the payment', paymentId))}/reversals`;
  const amount = part.amount === undefined ? {} : { amount: amountBody(part) };
  const body = { reversalId: needed('--id REVERSAL', values.id), kind: values.chargeback === true ? 'chargeback' : 'refund', ...amount };
  return paymentTold(await api.post(path, body, payment));
}

async function decide(api: Api, how: 'approve' | 'reject', { note }: Values, id: string | undefined): Promise<Told> {
  const path = `/v1/credit-proposals/${encodeURIComponent(needed('the id of the proposal', id))}/${how}`;
  return proposalTold(await api.post(path, note === undefined ? {} : { note }, proposal));
}

async function alert(api: Api, values: Values): Promise<Told> {
  const { card, account, type, none, below: thresholds = [] } = values;
  const isNamed = card !== undefined || account !== undefined;
  const whose = isNamed ? payerBody(values) : {};
  if (changeOf('thresholds', thresholds.length > 0, none) === 'show') return await alertsSet(api, whose, type);
  const body = { ...whose, ...(type === undefined ? {} : { cardTypeId: Number(type) }), thresholds };
  return { json: await api.post('/v1/low-balance', body, anything), lines: [thresholds.length === 0 ? 'nothing is told' : `told below ${thresholds.join(', ')}`] };
}

async function alertsSet(api: Api, whose: object, type: string | undefined): Promise<Told> {
  const query = new URLSearchParams(Object.entries(whose)).toString();
  const all = await api.get(`/v1/low-balance${query === '' ? '' : `?${query}`}`, lowBalances);
  const set = type === undefined ? all.lowBalances : all.lowBalances.filter(({ cardTypeId }) => cardTypeId === Number(type));
  return { json: { lowBalances: set }, lines: set.length === 0 ? ['nothing is set, and nothing is told'] : set.map(lowBalanceLine) };
}

function paymentTold(told: z.infer<typeof payment>): Told {
  return { json: told, lines: [paymentLine(told)] };
}

function proposalTold(told: z.infer<typeof proposal>): Told {
  return { json: told, lines: [proposalLine(told)] };
}
