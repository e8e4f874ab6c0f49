import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { columns } from './cli/paint.ts';
import { needStated } from './cli/none.ts';
import { Misuse } from './cli/stop.ts';
import { tell } from './cli/told.ts';
import type { Api } from './client/api.ts';
import { runningApi } from './client/connect.ts';
import { numberRulesBody, numberRulesOptions, rulesText } from './client/number-rules.ts';

export const summary = 'says how numbers are dialled on a switch or trunk, and tries one';

export const help = `
./tollwire numbers set  SWITCH [--trunk TRUNK] [--calling-code 44] [--trunk-prefix 0] [--lengths 9,10]
                        [--international 00,011] [--technical '9#'] [--none] [--json]
./tollwire numbers list [--json]
./tollwire numbers read NUMBER --switch SWITCH [--trunk TRUNK] [--json]
./tollwire numbers drop SWITCH [--trunk TRUNK] [--json]

Numbers of calls, called and calling, are read by these rules where they come in: by those of the trunk, else of the switch, else as
international numbers; read says so where a switch has none. Rules are set as a whole; --none says that there is nothing but the usual.

  --calling-code CODE    the country in which the switch stands; national numbers get its code
  --trunk-prefix DIGITS  what precedes a national number at home (default: nothing)
  --lengths N,N          how many digits a national number has: such are national even where nothing precedes them
  --international LIST   what precedes an international number; + always does (default: 00, and 011 unless national numbers begin with 0)
  --technical LIST       what the trunk puts before every number; taken off first
`;

const rules = z.looseObject({
  switchId: z.string(), trunk: z.string().default(''), internationalPrefixes: z.array(z.string()).optional(), technicalPrefixes: z.array(z.string()).optional(),
  country: z.object({ callingCode: z.string(), trunkPrefix: z.string(), nationalLengths: z.array(z.number()) }).optional(), setBy: z.string().default(''),
});
const list = z.object({ numberRules: z.array(rules) });
const read = z.object({ kind: z.string(), e164: z.string().optional() });

export async function run(args: readonly string[]): Promise<void> {
  const options = { ...numberRulesOptions, trunk: { type: 'string' }, switch: { type: 'string' }, none: { type: 'boolean' }, json: { type: 'boolean' } } as const;
  const { values, positionals: [verb, named] } = argumentsOf(args, options, { set: 1, list: 0, read: 1, drop: 1 });
  const source = (switchId: string) => ({ switchId, ...(values.trunk === undefined ? {} : { trunk: values.trunk }) });
  const api = runningApi();
  if (verb === 'list' && named === undefined) {
    const answer = await api.get('/v1/number-rules', list);
    const rows = answer.numberRules.map((each) => [each.switchId, each.trunk || '(all)', rulesText(each), each.setBy]);
    tell({ json: answer, lines: rows.length === 0 ? ['Every number is read as an international one.'] : [columns(['switch', 'trunk', 'rules', 'set by'], rows)] }, values.json);
    return;
  }
  if (named === undefined) throw new Misuse('Say what to do: ./tollwire numbers set SWITCH …, read NUMBER --switch SWITCH, drop SWITCH, or list.');
  if (verb === 'set') {
    const body = numberRulesBody(values);
    needStated('rules', Object.keys(body).length > 0, values.none, './tollwire numbers list');
    const answer = await api.post('/v1/number-rules', { ...source(named), ...body }, rules);
    tell({ json: answer, lines: [`from now on ${rulesText(answer)}`] }, values.json);
    return;
  }
  if (verb === 'drop') {
    await api.send('/v1/number-rules/drop', 'application/json', JSON.stringify(source(named)));
    tell({ json: { dropped: true }, lines: ['read as usual from now on'] }, values.json);
    return;
  }
  if (verb !== 'read' || values.switch === undefined) throw new Misuse('Say on which switch: ./tollwire numbers read NUMBER --switch SWITCH.');
  const answer = await api.post('/v1/number-rules/read', { ...source(values.switch), number: named }, read);
  const lines = [answer.e164 ?? (answer.kind === 'anonymous' ? 'withheld' : 'no number that can be read')];
  const hasRules = await hasRulesFor(api, source(values.switch));
  if (!hasRules) lines.push(`There are no rules for switch ${values.switch}: it was read as an international number. ./tollwire numbers list shows the rules that there are.`);
  tell({ json: { ...answer, hasRules }, lines }, values.json);
}

/** Those of the trunk, or of its switch. A switch may well have none, and nobody need register it: that its name is misspelt can only be told so. */
async function hasRulesFor(api: Pick<Api, 'get'>, { switchId, trunk = '' }: { readonly switchId: string; readonly trunk?: string }): Promise<boolean> {
  const { numberRules } = await api.get('/v1/number-rules', list);
  return numberRules.some((each) => each.switchId === switchId && (each.trunk === '' || each.trunk === trunk));
}
