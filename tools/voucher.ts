import { randomUUID } from 'node:crypto';
import { voucherBatchLine } from './account/lines.ts';
import { amountBody, needed, payerBody } from './account/options.ts';
import { madeVouchers, redeemed, voucherBatch, voucherBatches } from './account/replies.ts';
import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { tell, type Told } from './cli/told.ts';
import { runningApi } from './client/connect.ts';

export const summary = 'makes, redeems and voids vouchers';

export const help = `
./tollwire voucher make BATCH --quantity N --amount 10.00 --currency EUR [--expires INSTANT] [--reseller ID] [--json]
./tollwire voucher redeem CODE (--card ID | --account CODE) [--id ID] [--json]
./tollwire voucher list [--waiting] [--json]
./tollwire voucher show BATCH [--json]
./tollwire voucher approve BATCH [--json]
./tollwire voucher void BATCH [--json]

The codes of a batch are printed once, one a line, and kept as keyed digests only. Whoever lost them voids the batch. One that is worth more
than one person may post alone is redeemed when somebody else has approved it, not before.

  --waiting      only batches that wait for approval
  --reseller ID  only for cards of this reseller
  --id ID        names the redemption: asked again with it, the winner is answered the same (made up where none is given)
`;

const options = {
  card: { type: 'string' }, account: { type: 'string' }, amount: { type: 'string' }, currency: { type: 'string' }, quantity: { type: 'string' },
  expires: { type: 'string' }, reseller: { type: 'string' }, id: { type: 'string' }, waiting: { type: 'boolean' }, json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof parse>['values'];
const parse = (args: readonly string[]) => argumentsOf(args, options, { make: 1, redeem: 1, list: 0, show: 1, approve: 1, void: 1 });

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action, name] } = parse(args);
  const told = await answerOf(action, name, values);
  tell(told, values.json);
}

async function answerOf(action: string | undefined, name: string | undefined, values: Values): Promise<Told> {
  switch (action) {
    case 'make': {
      const made = await runningApi().post('/v1/vouchers', batchBody(needed('the name of the batch', name), values), madeVouchers);
      if (made.batch.needsApproval === true) process.stderr.write(`${voucherBatchLine(made.batch)}\n`);
      return { json: made, lines: made.codes };
    }
    case 'redeem': {
      const body = { code: needed('the code of the voucher', name), redemptionId: values.id ?? randomUUID(), ...payerBody(values) };
      const won = await runningApi().post('/v1/vouchers/redeem', body, redeemed);
      return { json: won, lines: [`${won.value.amount} ${won.value.currency} of ${won.batchId}; ${won.credit.amount} ${won.credit.currency} credit now`] };
    }
    case 'list': {
      const listed = await runningApi().get(`/v1/vouchers${values.waiting === true ? '?waiting=true' : ''}`, voucherBatches);
      return { json: listed, lines: listed.batches.map(voucherBatchLine) };
    }
    case 'show': {
      const batch = await runningApi().get(batchPath(name), voucherBatch);
      return { json: batch, lines: [voucherBatchLine(batch)] };
    }
    case 'approve':
    case 'void': {
      const batch = await runningApi().post(`${batchPath(name)}/${action}`, {}, voucherBatch);
      return { json: batch, lines: [voucherBatchLine(batch)] };
    }
    case undefined:
    default:
      throw new Misuse('Say what to do: ./tollwire voucher make spring --quantity 100 --amount 10.00 --currency EUR');
  }
}

function batchPath(name: string | undefined): string {
  return `/v1/vouchers/${encodeURIComponent(needed('the name of the batch', name))}`;
}

function batchBody(batchId: string, values: Values) {
  const { quantity, expires, reseller } = values;
  return {
    batchId,
    quantity: Number(needed('--quantity N', quantity)),
    value: amountBody(values),
    ...(expires === undefined ? {} : { expiresAt: expires }),
    ...(reseller === undefined ? {} : { resellerId: Number(reseller) }),
  };
}
