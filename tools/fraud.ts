import { argumentsOf } from './cli/arguments.ts';
import { documentText } from './cli/document.ts';
import { Misuse } from './cli/stop.ts';
import { counted, tell, type Told } from './cli/told.ts';
import { runningApi } from './client/connect.ts';
import { caseLine, rangeLine, ruleLine } from './fraud/lines.ts';
import { rangesInFile, ruleBody, ruleOptions } from './fraud/options.ts';
import { type Range, cases, changed, fraudCase, ranges, rule, rules } from './fraud/replies.ts';

export const summary = 'watches calls for fraud while they go on: rules, what they found, high-risk ranges';

export const help = `
./tollwire fraud rule NAME --measure MEASURE --over LIMIT --within SECONDS [--by payer|cli|destination] [--currency CODE]
                      [--high-risk | --prefix DIGITS...] [--payer PARTY...] [--except-payer PARTY...] [--short-sec N] [--block] [--json]
./tollwire fraud rules [--json]                   the rules; ./tollwire fraud retire ID [--json] takes one out of work
./tollwire fraud cases [--all] [--json]           what is suspected, and what was blocked for it
./tollwire fraud clear RULE SUBJECT [--json]      somebody has looked into it: what was blocked is free again
./tollwire fraud ranges [--json]                  the high-risk ranges
./tollwire fraud ranges add|remove DIGITS... [--json], ./tollwire fraud ranges import FILE [--json]

  --measure    spend (with --currency; reservations of calls that go on count), calls, minutes (of calls that go on, too),
               short_calls (answered, shorter than --short-sec, usually 10), missed_calls (rang no longer than that: Wangiri)
  --over       more than this is suspicious
  --within     in so many seconds, which are whole minutes: 60 to 86400
  --by         whose calls are summed up (default payer)
  --payer      only what this card:ID or account:CODE pays for; may be given again
  --except-payer  not what this one pays for, mostly because it has a rule of its own
  --block      suspends the payer, or puts the destination on the blacklist, until the case is cleared

rule makes another rule each time, also under the same NAME; rules shows those that there are, and retire takes one out of work.
A FILE of ranges has a prefix a line, with a note behind a comma where it has one.
`;

/** Words that each action takes after its name. */
const wordsTaken = { 'rule': 1, 'rules': 0, 'retire': 1, 'cases': 0, 'clear': 2, 'ranges': 0, 'ranges add': Infinity, 'ranges remove': Infinity, 'ranges import': 1 };

type Values = ReturnType<typeof parse>['values'];
const parse = (args: readonly string[]) => argumentsOf(args, ruleOptions, wordsTaken);

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action, ...rest] } = parse(args);
  tell(await answerOf(action, rest, values), values.json);
}

async function answerOf(action: string | undefined, [subject, ...more]: readonly string[], values: Values): Promise<Told> {
  const api = runningApi();
  switch (action) {
    case 'rule': {
      const set = await api.post('/v1/fraud/rules', ruleBody(subject, values), rule);
      return { json: set, lines: [ruleLine(set)] };
    }
    case 'rules': {
      const listed = await api.get('/v1/fraud/rules', rules);
      return { json: listed, lines: listed.rules.map(ruleLine) };
    }
    case 'retire': {
      const retired = await api.post(`/v1/fraud/rules/${idOf(subject)}/retire`, {}, rule);
      return { json: retired, lines: [ruleLine(retired)] };
    }
    case 'cases': {
      const listed = await api.get(`/v1/fraud/cases${values.all === true ? '' : '?status=suspected'}`, cases);
      return { json: listed, lines: listed.cases.map(caseLine) };
    }
    case 'clear': {
      const [whose] = more;
      if (whose === undefined) throw new Misuse('Name the rule and whose case it is: ./tollwire fraud clear 3 card:0012345678901234');
      const cleared = await api.post('/v1/fraud/cases/clear', { ruleId: Number(idOf(subject)), subject: whose }, fraudCase);
      return { json: cleared, lines: [caseLine(cleared)] };
    }
    case 'ranges':
      return await rangesAnswer(subject, more);
    case undefined:
    default:
      throw new Misuse('Say what to do: ./tollwire fraud rule "dear hour" --measure spend --over 50 --currency EUR --within 3600 --block');
  }
}

/** Ranges in one request. */
const BATCH = 10_000;

async function rangesAnswer(action: string | undefined, subjects: readonly string[]): Promise<Told> {
  switch (action) {
    case undefined: {
      const all = await everyRange();
      return { json: { ranges: all }, lines: all.map(rangeLine) };
    }
    case 'add':
      return await changeRanges('/v1/fraud/ranges', subjects.map((prefix) => ({ prefix })));
    case 'remove':
      return await changeRanges('/v1/fraud/ranges/remove', subjects.map((prefix) => ({ prefix })));
    case 'import': {
      const [file] = subjects;
      if (file === undefined) throw new Misuse('Say which file: ./tollwire fraud ranges import ranges.csv');
      return await changeRanges('/v1/fraud/ranges', rangesInFile(documentText(file)));
    }
    default:
      throw new Misuse('Say what to do: ./tollwire fraud ranges add 881, remove 881, or import ranges.csv');
  }
}

async function changeRanges(path: string, given: readonly object[]): Promise<Told> {
  let changedCount = 0;
  for (let at = 0; at < given.length; at += BATCH) changedCount += (await runningApi().post(path, { ranges: given.slice(at, at + BATCH) }, changed)).changedCount;
  return { json: { changedCount }, lines: [`${counted(changedCount, 'range')} changed`] };
}

async function everyRange(): Promise<Range[]> {
  const all: Range[] = [];
  for (let after = ''; ; ) {
    const page = await runningApi().get(`/v1/fraud/ranges${after === '' ? '' : `?after=${after}`}`, ranges);
    all.push(...page.ranges);
    if (page.nextAfterPrefix === '') return all;
    after = page.nextAfterPrefix;
  }
}

function idOf(text: string | undefined): string {
  if (text === undefined || !/^[1-9]\d{0,9}$/.test(text)) throw new Misuse('Name the rule by its number; ./tollwire fraud rules shows them.');
  return text;
}
