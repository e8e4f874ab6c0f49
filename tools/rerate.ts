import { randomUUID } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { argumentsOf } from './cli/arguments.ts';
import { progress } from './cli/progress.ts';
import { Misuse } from './cli/stop.ts';
import type { Api } from './client/api.ts';
import { runningApi } from './client/connect.ts';
import { type Rerating, rerating, reratings, reratingText } from './client/rerating.ts';

export const summary = 'rates calls again by the rates that are known now, first as a dry run';

export const help = `
./tollwire rerate --from INSTANT [--until INSTANT] [--plan tariff:3|voip_plan:7] [--card ID | --account CODE] [--carrier CODE]
                  [--destination PREFIX] [--known-at INSTANT] [--include-pre-rated] [--apply] [--reason TEXT] [--id ID] [--json]
./tollwire rerate --show ID | --cancel ID | --list [--json]

Without --apply nothing changes: it tells which calls would cost another amount, by account and in total, and which cannot
be rated now. With --apply the differences are posted, each as a further revision of its call; done again, it posts nothing.

  --from, --until       calls set up from (inclusive) until (exclusive), ISO 8601 with an offset, as 2026-06-01T00:00:00Z; --until defaults to now (--to is the same)
  --plan                only calls that were rated by this plan
  --card, --account     only calls that this card or account code paid for
  --carrier CODE        only calls that this carrier connected
  --destination PREFIX  only calls to numbers that begin with these digits
  --known-at INSTANT    by the rates as they were known then, without what was put in force or taken back later
  --include-pre-rated   also calls whose price the sender had set, which stay as they are otherwise
  --reason TEXT         kept with the job
  --id ID               names the job, so that it runs once however often it is asked for
  --show, --cancel, --list  look at a job, end one where it is, list the newest
`;

const options = {
  from: { type: 'string' }, until: { type: 'string' }, to: { type: 'string' }, plan: { type: 'string' }, card: { type: 'string' }, account: { type: 'string' },
  carrier: { type: 'string' }, destination: { type: 'string' }, 'known-at': { type: 'string' }, 'include-pre-rated': { type: 'boolean' }, apply: { type: 'boolean' },
  reason: { type: 'string' }, id: { type: 'string' }, show: { type: 'string' }, cancel: { type: 'string' }, list: { type: 'boolean' }, json: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values } = argumentsOf(args, options);
  const api = runningApi();
  const show = (answer: unknown, text: string): void => void process.stdout.write(values.json === true ? `${JSON.stringify(answer)}\n` : `${text}\n`);
  if (values.list === true) {
    const listed = await api.get('/v1/reratings', reratings);
    show(listed, listed.reratings.map(({ reratingId, status, requestedAt, by, reason }) => [requestedAt, status, reratingId, by, reason].join('  ')).join('\n'));
    return;
  }
  const known = values.show ?? values.cancel;
  const found = known === undefined ? await carriedOut(api, orderOf(values)) : await lookedAt(api, known, values.cancel !== undefined);
  show(found, reratingText(found));
}

function lookedAt(api: Api, id: string, cancels: boolean): Promise<Rerating> {
  const path = `/v1/reratings/${encodeURIComponent(id)}`;
  return cancels ? api.post(`${path}/cancel`, {}, rerating) : api.get(path, rerating);
}

/** Starts it and waits until it is done. Whoever stops waiting does not stop the job. */
async function carriedOut(api: Api, order: object): Promise<Rerating> {
  let job = await api.post('/v1/reratings', order, rerating);
  return await progress(`Rating again (${job.reratingId})`, async (note) => {
    while (job.status === 'running') {
      note(`${job.callCount} calls, ${job.changedCount} changed, reached ${job.reached}`);
      await delay(200);
      job = await lookedAt(api, job.reratingId, false);
    }
    return job;
  });
}

type Values = ReturnType<typeof argumentsOf<typeof options>>['values'];

function orderOf(values: Values): object {
  if (values.until !== undefined && values.to !== undefined) throw new Misuse('--to is what --until was called before: say one of them.');
  if (values.from === undefined) throw new Misuse('Say from when: ./tollwire rerate --from 2026-06-01T00:00:00Z');
  return {
    // An id of its own, so that a request that is tried again starts one job.
    reratingId: values.id ?? randomUUID(),
    from: values.from,
    until: values.until ?? values.to,
    ...(values.plan === undefined ? {} : planOf(values.plan)),
    cardId: values.card,
    accountCode: values.account,
    carrierCode: values.carrier,
    destinationPrefix: values.destination,
    knownAt: values['known-at'],
    includePreRated: values['include-pre-rated'],
    apply: values.apply,
    reason: values.reason,
  };
}

function planOf(text: string): object {
  const [, kind, id] = /^(tariff|voip_plan):([1-9]\d{0,9})$/.exec(text) ?? [];
  if (kind === undefined) throw new Misuse(`--plan takes tariff:ID or voip_plan:ID, not "${text}".`);
  return kind === 'tariff' ? { tariffId: Number(id) } : { voipPlanId: Number(id) };
}
