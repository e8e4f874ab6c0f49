import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { changeOf, needStated } from './cli/none.ts';
import { tell, type Told } from './cli/told.ts';
import type { Api } from './client/api.ts';
import { runningApi } from './client/connect.ts';
import { payerPath } from './client/payer-path.ts';
import { dialling, rules, setting, settings } from './limits/replies.ts';
import { diallingLines, gatewaysLine, rulesLine, settingLine } from './limits/lines.ts';
import { allowedBody, type LimitOptions, limitedPath, settingBody } from './limits/options.ts';

export const summary = 'sets dialling limits, puts accounts and cards under them, suspends accounts';

export const help = `
./tollwire limits set NAME [--concurrent N] [--per-sec N] [--call-sec N] [--per-hour AMOUNT] [--per-day AMOUNT]
                           [--min-credit AMOUNT] [--share all_free_credit|fixed_slice|equal_share] [--slice-sec N | --slice AMOUNT] [--currency EUR] [--none] [--json]
./tollwire limits list [--json]
./tollwire limits put NAME (--account CODE | --card-type ID) [--json]
./tollwire limits free (--account CODE | --card-type ID) [--json]
./tollwire limits show (--account CODE | --card ID) [--json]
./tollwire limits gateways --account CODE [[--gateways ID,ID] [--groups ID,ID] | --none] [--json]
./tollwire limits suspend --account CODE --reason TEXT [--json]
./tollwire limits resume --account CODE [--json]

Gateways are those that the calls of an account may use, by their ids or by those of their groups (./tollwire carrier list). Where nothing
is said, they are shown; with --none it may use all.

Limits hold from the next call on, for the account or for each card of the type. What is set is set as a whole: a limit
that is not said is none, and --none says none of them.

  --concurrent, --per-sec, --call-sec   calls at a time, calls let through in a second, seconds of a call
  --per-hour, --per-day                 what may be spent in an hour and a day of the clock (UTC), reservations included
  --min-credit                          what must be free for a call to begin; one that is up goes on with less
  --share                               how calls at a time share the credit (default: each takes all that is free)
  --slice-sec, --slice                  of a fixed_slice: so much at a time, and the switch extends the call
`;

const options = {
  concurrent: { type: 'string' }, 'per-sec': { type: 'string' }, 'call-sec': { type: 'string' }, 'per-hour': { type: 'string' }, 'per-day': { type: 'string' },
  'min-credit': { type: 'string' },
  share: { type: 'string' }, 'slice-sec': { type: 'string' }, slice: { type: 'string' }, currency: { type: 'string', default: 'EUR' },
  account: { type: 'string' }, card: { type: 'string' }, 'card-type': { type: 'string' }, reason: { type: 'string' },
  gateways: { type: 'string' }, groups: { type: 'string' }, none: { type: 'boolean' }, json: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action, name] } = argumentsOf(args, options, { set: 1, list: 0, put: 1, free: 0, show: 0, gateways: 0, suspend: 0, resume: 0 });
  const told = await answerOf(action, name, values);
  tell(told, values.json);
}

async function answerOf(action: string | undefined, name: string | undefined, values: LimitOptions): Promise<Told> {
  const api = runningApi();
  const change = async (path: string, body: object) => {
    const changed = await api.post(path, body, rules);
    return { json: changed, lines: [rulesLine(changed)] };
  };
  switch (action) {
    case 'set': {
      const body = settingBody(name, values);
      needStated('limits', Object.keys(body).length > 1, values.none, './tollwire limits list');
      const set = await api.post('/v1/dialer-settings', body, setting);
      return { json: set, lines: [settingLine(set)] };
    }
    case 'list': {
      const all = await api.get('/v1/dialer-settings', z.object({ settings }));
      return { json: all, lines: all.settings.length === 0 ? ['none'] : all.settings.map(settingLine) };
    }
    case 'put':
      if (name === undefined) throw new Misuse('Name the limits: ./tollwire limits put NAME --account CODE');
      return await change(`${limitedPath(values)}/dialer-setting`, { setting: name });
    case 'free':
      return await change(`${limitedPath(values)}/dialer-setting`, { setting: null });
    case 'show': {
      const shown = await api.get(`${payerPath(values)}/dialling`, dialling);
      return { json: shown, lines: diallingLines(shown) };
    }
    case 'gateways':
      if (changeOf('gateways', values.gateways !== undefined || values.groups !== undefined, values.none) === 'show') return await shownGateways(api, values);
      return await change(`${limitedPath({ account: values.account })}/gateways`, allowedBody(values));
    case 'suspend':
      if (values.reason === undefined) throw new Misuse('Say why: ./tollwire limits suspend --account CODE --reason TEXT');
      return await change(`${limitedPath({ account: values.account })}/suspend`, { reason: values.reason });
    case 'resume':
      return await change(`${limitedPath({ account: values.account })}/resume`, {});
    case undefined:
    default:
      throw new Misuse('Say what to do: ./tollwire limits set two-lines --concurrent 2');
  }
}

async function shownGateways(api: Api, { account }: LimitOptions): Promise<Told> {
  const { rules: held = { gatewayIds: [], gatewayGroupIds: [] } } = await api.get(`${limitedPath({ account })}/dialling`, dialling);
  return { json: { gatewayIds: held.gatewayIds, gatewayGroupIds: held.gatewayGroupIds }, lines: [gatewaysLine(held)] };
}
