import { csvFields } from '../../services/edge/src/cdr-import/csv-line.ts';
import { Misuse, Stop } from '../cli/stop.ts';

/** The options of ./tollwire fraud. */
export const ruleOptions = {
  measure: { type: 'string' }, over: { type: 'string' }, within: { type: 'string' }, by: { type: 'string' }, currency: { type: 'string' }, 'high-risk': { type: 'boolean' },
  prefix: { type: 'string', multiple: true }, payer: { type: 'string', multiple: true },
  'except-payer': { type: 'string', multiple: true }, 'short-sec': { type: 'string' }, block: { type: 'boolean' }, all: { type: 'boolean' }, json: { type: 'boolean' },
} as const;

type RuleValues = { readonly [Name in keyof typeof ruleOptions]?: string | boolean | string[] | undefined };

/** A rule as the door takes it. */
export function ruleBody(name: string | undefined, values: RuleValues): Record<string, unknown> {
  const { measure, over, within } = values;
  if (name === undefined || measure === undefined || over === undefined || within === undefined) {
    throw new Misuse('Say what is suspicious: ./tollwire fraud rule "dear hour" --measure spend --over 50 --currency EUR --within 3600');
  }
  const body = {
    name, measure, limit: over, windowSec: minutesOf(within), by: values.by, currency: values.currency, highRisk: values['high-risk'],
    prefixes: values.prefix, payers: values.payer, exceptPayers: values['except-payer'],
    shortSec: values['short-sec'] === undefined ? undefined : numberOf('short-sec', values['short-sec']), action: values.block === true ? 'block' : undefined,
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

/** Windows are counted by whole minutes. */
function minutesOf(text: RuleValues[keyof RuleValues]): number {
  const sec = numberOf('within', text);
  if (sec % 60 !== 0 || sec === 0) throw new Misuse(`--within takes whole minutes in seconds, such as 60, 300 or 3600, not "${String(text)}".`);
  return sec;
}

function numberOf(option: string, text: RuleValues[keyof RuleValues]): number {
  if (typeof text !== 'string' || !/^\d{1,9}$/.test(text)) throw new Misuse(`--${option} takes a whole number, not "${String(text)}".`);
  return Number(text);
}

/** The ranges of a file: a prefix a line, with a note behind a comma. A heading, and what begins with #, is none. */
export function rangesInFile(text: string): { prefix: string; note?: string }[] {
  return text.replace(/^\u{feff}/u, '').split(/\r?\n/).flatMap((line, at) => {
    const [prefix = '', note = ''] = (csvFields(line) ?? []).map((cell) => cell.trim());
    if (line.trim() === '' || line.startsWith('#') || (at === 0 && !/\d/.test(prefix))) return [];
    if (!/^\+?\d{1,15}$/.test(prefix)) throw new Stop(`Line ${at + 1} begins with no prefix.`);
    return [{ prefix: prefix.replace('+', ''), ...(note === '' ? {} : { note }) }];
  });
}
