import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { balanceLine, grantLine } from './allowance/lines.ts';
import { type AllowanceOptions, grantBody, targetQuery, termsOf, validityOf } from './allowance/options.ts';
import { balances, grant, grants } from './allowance/replies.ts';
import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { tell, type Told } from './cli/told.ts';
import type { Api } from './client/api.ts';
import { runningApi } from './client/connect.ts';
import { payerPath } from './client/payer-path.ts';

export const summary = 'grants free seconds, and shows what is left of them';

export const help = `
./tollwire allowance bundle NAME --sec SECONDS [TERMS] [--from INSTANT] [--until INSTANT] [--json]
./tollwire allowance grant TO (--bundle NAME | --sec SECONDS [TERMS]) [--id ID] [--from INSTANT] [--until INSTANT] [--json]
./tollwire allowance list [TO] [--json]
./tollwire allowance show (--card ID | --account CODE) [--at INSTANT] [--json]

Free seconds pay for calls before money does: the heaviest first, then those that expire first. What was granted stays:
the same grant said again is one more, unless both have the same --id.

  TO                       --card ID, --account CODE, or all who pay by --tariff ID or --plan ID
  TERMS                    [--period once|day|week|month] [--zone ZONE] [--anchor DAY] [--prefix DIGITS ...] [--weight N]
                           [--covers none|connect|all]
  --sec SECONDS            free seconds in each period (default period: once)
  --zone, --anchor         whose clock the periods go by (default UTC), and the first day of one, as 2026-01-31
  --prefix DIGITS          a destination; may come several times (default: all)
  --covers FEES            fees that are free where all seconds of a call are
  --id ID                  names the grant: the same one grants once (made up where none is given)
  --from, --until, --at    as ISO 8601 with an offset
`;

const options = {
  card: { type: 'string' }, account: { type: 'string' }, tariff: { type: 'string' }, plan: { type: 'string' }, bundle: { type: 'string' },
  sec: { type: 'string' }, period: { type: 'string' }, zone: { type: 'string' }, anchor: { type: 'string' }, prefix: { type: 'string', multiple: true },
  weight: { type: 'string' }, covers: { type: 'string' }, id: { type: 'string' }, from: { type: 'string' }, until: { type: 'string' }, at: { type: 'string' },
  json: { type: 'boolean' },
} as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action, name] } = argumentsOf(args, options, { bundle: 1, grant: 0, list: 0, show: 0 });
  const told = await answerOf(action, name, values);
  tell(told, values.json);
}

async function answerOf(action: string | undefined, name: string | undefined, values: AllowanceOptions): Promise<Told> {
  switch (action) {
    case 'bundle':
      return await defineBundle(name, values);
    case 'grant': {
      const body = grantBody(values, randomUUID());
      const granted = await runningApi().post('/v1/allowance-grants', body, grant);
      return { json: granted, lines: [grantLine(granted)] };
    }
    case 'list': {
      const all = await allGrants(runningApi(), targetQuery(values));
      return { json: { grants: all }, lines: all.map(grantLine) };
    }
    case 'show': {
      const query = values.at === undefined ? '' : `?at=${encodeURIComponent(values.at)}`;
      const shown = await runningApi().get(`${payerPath(values)}/allowances${query}`, balances);
      return { json: shown, lines: shown.balances.map(balanceLine) };
    }
    case undefined:
    default:
      throw new Misuse('Say what to do: ./tollwire allowance grant --card 0012345678901234 --sec 600');
  }
}

async function defineBundle(name: string | undefined, values: AllowanceOptions): Promise<Told> {
  if (name === undefined) throw new Misuse('Name the bundle: ./tollwire allowance bundle gold --sec 6000 --period month');
  const body = { name, ...termsOf(values), ...validityOf(values) };
  const defined = await runningApi().post('/v1/allowance-bundles', body, z.looseObject({ name: z.string() }));
  return { json: defined, lines: [`${defined.name} is defined`] };
}

async function allGrants(api: Api, query: string): Promise<z.infer<typeof grant>[]> {
  const all: z.infer<typeof grant>[] = [];
  for (;;) {
    const page = await api.get(`/v1/allowance-grants?${query}afterSequence=${all.at(-1)?.sequence ?? 0}`, grants);
    all.push(...page.grants);
    if (!page.more) return all;
  }
}
