import { alarmLine, runLine } from './alarm/lines.ts';
import { alarmBody } from './alarm/options.ts';
import { alarm, alarms, runs } from './alarm/replies.ts';
import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { tell, type Told } from './cli/told.ts';
import { runningApi } from './client/connect.ts';

export const summary = 'sets alarms upon the traffic, tries them on the past, and shows what they found';

export const help = `
./tollwire alarm add NAME TERMS [--webhook URL] [--email ADDRESS] [--json]
./tollwire alarm backtest TERMS --from INSTANT --until INSTANT [--json]
./tollwire alarm list | reports ID | on ID | off ID | delete ID [--json]

  TERMS  --type ALOC|ASR|CIC|COST|MARGIN|SHORT|TRAFFIC  (--less-than N | --greater-than N | --decrease N[%] | --increase N[%])
         [--period hour|day|week|month] [--against yesterday|weekday|rolling] [--by carrier|country|... --value VALUE]
         [--currency CODE] [--calls-min N] [--throttle-sec N]

  --type          mean conversation in s (ALOC), answered in % (ASR), consecutive failed calls on a carrier (CIC), what carriers
                  cost or what is left (COST, MARGIN, with --currency), short calls in % of the answered (SHORT), calls (TRAFFIC)
  --period        over which time it is measured, the last whole one (default day)
  --against       what a decrease or increase is measured from (default yesterday)
  --calls-min     below so many calls there is no data (default 1)
  --throttle-sec  no second notice for so long
  --webhook       is told when it fires, signed with the secret in TOLLWIRE_WEBHOOK_SECRET; not within a network, unless cdr allows that
  --email         is told, too, where cdr has a server of mail (SMTP_URL)
`;

const options = {
  type: { type: 'string' }, period: { type: 'string' }, 'less-than': { type: 'string' }, 'greater-than': { type: 'string' }, decrease: { type: 'string' }, increase: { type: 'string' },
  against: { type: 'string' }, by: { type: 'string' }, value: { type: 'string' }, currency: { type: 'string' }, 'calls-min': { type: 'string' }, 'throttle-sec': { type: 'string' },
  webhook: { type: 'string' }, email: { type: 'string' }, from: { type: 'string' }, until: { type: 'string' }, json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof argumentsOf<typeof options>>['values'];

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action, subject] } = argumentsOf(args, options, { add: 1, backtest: 0, list: 0, reports: 1, on: 1, off: 1, delete: 1 });
  const told = await answerOf(action, subject, values);
  tell(told, values.json);
}

async function answerOf(action: string | undefined, subject: string | undefined, values: Values): Promise<Told> {
  const api = runningApi();
  switch (action) {
    case 'add': {
      const added = await api.post('/v1/alarms', addedBody(subject, values), alarm);
      return { json: added, lines: [alarmLine(added)] };
    }
    case 'backtest': {
      const tested = await api.post('/v1/alarms/backtest', { ...alarmBody(values), from: values.from, until: values.until }, runs);
      return { json: tested, lines: [...tested.runs.map(runLine), `fired ${tested.firedCount ?? 0} of ${tested.runs.length} times`] };
    }
    case 'list': {
      const listed = await api.get('/v1/alarms', alarms);
      return { json: listed, lines: listed.alarms.map(alarmLine) };
    }
    case 'reports': {
      const listed = await api.get(`/v1/alarms/${idOf(subject)}/reports`, runs);
      return { json: listed, lines: listed.runs.map(runLine) };
    }
    case 'on':
    case 'off': {
      const changed = await api.post(`/v1/alarms/${idOf(subject)}/status`, { status: action === 'on' ? 'active' : 'inactive' }, alarm);
      return { json: changed, lines: [alarmLine(changed)] };
    }
    case 'delete': {
      const id = idOf(subject);
      await api.remove(`/v1/alarms/${id}`);
      return { json: { id: Number(id) }, lines: [`alarm ${id} is deleted`] };
    }
    case undefined:
    default:
      throw new Misuse('Say what to do: ./tollwire alarm add "low ASR" --type ASR --less-than 40 --by carrier --value NORTH');
  }
}

function addedBody(name: string | undefined, values: Values): object {
  if (name === undefined) throw new Misuse('Name the alarm: ./tollwire alarm add "low ASR" --type ASR --less-than 40');
  const secret = process.env['TOLLWIRE_WEBHOOK_SECRET'];
  if (values.webhook !== undefined && secret === undefined) throw new Misuse('Put the secret that signs notices into TOLLWIRE_WEBHOOK_SECRET: 16 characters or more, known to the receiver.');
  return { name, ...alarmBody(values), email: values.email, ...(values.webhook === undefined ? {} : { webhookUrl: values.webhook, webhookSecret: secret }) };
}

function idOf(text: string | undefined): string {
  if (text === undefined || !/^[1-9]\d{0,9}$/.test(text)) throw new Misuse('Name the alarm by its number; ./tollwire alarm list shows them.');
  return text;
}
