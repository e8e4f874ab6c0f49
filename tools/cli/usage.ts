import { parseArgs } from 'node:util';
import { Misuse } from './stop.ts';

/** The options that the usage lines of a command name, by the verb whose they are; '' is for lines without a verb. */
export type Usage = ReadonlyMap<string, ReadonlySet<string>>;

/** An option as usage lines write it, and the value that it takes: `--plan ID`, `--role switch|operator`, `--json`. */
const named = /--([a-z0-9][a-z0-9-]*)( (?:[A-Z0-9'"]|[a-z_]+\|))?/g;

/** Reads the usage of a command off its help: the first paragraph, with what is meant there by words in capitals. */
export function usageOf(command: string, help: string): Usage {
  const usage = new Map<string, Set<string>>();
  for (const line of usageLines(command, help)) {
    const said = line + [...new Set(line.match(/\b[A-Z]{2,}\b/g) ?? [])].map((name) => meaningOf(name, help)).join(' ');
    for (const verb of verbsOf(line)) usage.set(verb, new Set([...(usage.get(verb) ?? []), ...[...said.matchAll(named)].map(([, name = '']) => name)]));
  }
  return usage;
}

/** Without the `./tollwire COMMAND` before each; lines that go on are one, and those that hold two are two. */
function usageLines(command: string, help: string): readonly string[] {
  const [usage = ''] = help.trim().split(/\n\s*\n/);
  return ` ${usage.replace(/\s*\n\s+/g, ' ')}`.split(new RegExp(`\\s\\./tollwire ${command}(?= )`)).slice(1).map((line) => line.trimStart());
}

/** `list|history`, and `list | reports ID | on ID`, are several verbs. */
function verbsOf(line: string): readonly string[] {
  const [first] = /^[a-z][a-z-]*(?:\|[a-z][a-z-]*)*(?= |$)/.exec(line) ?? [];
  if (first === undefined) return [''];
  return [...first.split('|'), ...[...line.matchAll(/ \| ([a-z][a-z-]*)/g)].map(([, verb = '']) => verb)];
}

/**
 * What the help says that a word in capitals is: `FILTERS: …`, `TERMS are …` with the options that are listed below, or an
 * entry of its list, `  WHOSE   …`. Nothing where it says it otherwise.
 */
function meaningOf(name: string, help: string): string {
  const paragraph = new RegExp(`^${name}(?::| are\\b).*(?:\\n(?!\\n).+)*(?:\\n(?:[ ].*)?)*`, 'm').exec(help)?.[0];
  const entry = new RegExp(`^( +)${name}  .*(?:\\n\\1 +.*)*`, 'm').exec(help)?.[0];
  return ` ${paragraph ?? ''} ${entry ?? ''}`;
}

/**
 * Stops at an option that other verbs of the command take and this one does not: it would be read, and change nothing. What
 * no usage line names is left to the command.
 */
export function refuseOptionsOfOthers(command: string, help: string, args: readonly string[]): void {
  const usage = usageOf(command, help);
  const { verb, options } = given(args, help);
  const said = usage.has(verb) ? verb : '';
  const own = usage.get(said);
  if (own === undefined) return;
  for (const option of options) {
    const others = [...usage].flatMap(([other, names]) => (names.has(option) ? [other] : []));
    if (!own.has(option) && others.length > 0) throw new Misuse(refusal(command, said, option, own, others));
  }
}

/** Fields of the API whose options are called otherwise; further ones are called as they are, or without what they end with. */
const optionsOfFields: Readonly<Record<string, string>> = {
  voipPlanId: 'plan', carrierPlanIds: 'carriers', banPlanIds: 'bans', retailLinks: 'retail', roundingDecimals: 'decimals', roundingMode: 'rounding',
  validFrom: 'from', validUntil: 'until', cardTypeId: 'type', transferId: 'id', calledPrefix: 'prefix', q850Cause: 'cause',
};

/** The option by which a command line says a field of the API, as `prefixes` by --prefixes; nothing where it says it otherwise. */
export function optionOf(field: string, command: string, help: string, args: readonly string[]): string | undefined {
  const usage = usageOf(command, help);
  const { verb } = given(args, help);
  const own = usage.get(usage.has(verb) ? verb : '');
  const last = field.split('.').at(-1) ?? '';
  const names = [optionsOfFields[last] ?? '', ...[last, last.replace(/(?:Id|Code)$/, '')].map((name) => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`))];
  return names.find((name) => own?.has(name));
}

function refusal(command: string, verb: string, option: string, own: ReadonlySet<string>, others: readonly string[]): string {
  const line = (one: string) => `./tollwire ${command}${one === '' ? '' : ` ${one}`}`;
  const taken = own.size === 0 ? 'takes none' : `takes ${[...own].map((name) => `--${name}`).join(', ')}`;
  return `${line(verb)} takes no --${option}, which is for ${others.map(line).join(', ')}. It ${taken}; --help says what they do.`;
}

/** The verb and the options of a command line, as far as the help tells which options take a value. */
function given(args: readonly string[], help: string): { readonly verb: string; readonly options: readonly string[] } {
  const valued = [...help.matchAll(named)].flatMap(([, name = '', value]) => (value === undefined ? [] : [[name, { type: 'string' }] as const]));
  const { tokens } = parseArgs({ args: [...args], allowPositionals: true, strict: false, tokens: true, options: Object.fromEntries(valued) });
  const verb = tokens.find((token) => token.kind === 'positional')?.value ?? '';
  return { verb, options: tokens.flatMap((token) => (token.kind === 'option' ? [token.name] : [])) };
}
