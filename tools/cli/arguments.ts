import { parseArgs, type ParseArgsConfig } from 'node:util';
import { nearest } from './nearest.ts';
import { Misuse, messageOf } from './stop.ts';

type Options = NonNullable<ParseArgsConfig['options']>;
type Token = ReturnType<typeof parseArgs<{ strict: false; tokens: true }>>['tokens'][number];

/**
 * How many words a command takes beside its options: altogether, or after those that say what to do (`ranges add`).
 * `*` is for all that begin otherwise; where that is not said, the command refuses those itself.
 */
export type Words = number | Readonly<Record<string, number>>;

/**
 * Reads a command line. Stops at an option that there is not, and at a word that nobody would look at: a shell that cut
 * a text at its spaces or semicolons would else change what the command does without a word.
 */
export function argumentsOf<const Known extends Options>(args: readonly string[], options: Known, words: Words = 0) {
  const stray = strayWord(wordsOf(args, options), words);
  if (stray !== undefined) throw new Misuse(`"${stray}" is one word too many. A text with spaces or ; in it wants quotes; --help shows what is taken.`);
  return parseArgs({ args: [...args], allowPositionals: true, options });
}

function wordsOf(args: readonly string[], options: Options): readonly string[] {
  const { tokens } = parseArgs({ args: [...args], allowPositionals: true, strict: false, tokens: true, options });
  for (const token of tokens) if (token.kind === 'option' && !Object.hasOwn(options, token.name)) throw new Misuse(unknownOption(token.rawName, Object.keys(options)));
  try {
    return parseArgs({ args: [...args], allowPositionals: true, options }).positionals;
  } catch (error) {
    throw new Misuse(unreadValue(messageOf(error).split('\n', 1)[0] ?? '', tokens));
  }
}

/** What Node says of a value, as a sentence. What begins with a dash may be the value or the next option: it is said how the value is given. */
function unreadValue(told: string, tokens: readonly Token[]): string {
  const unclear = tokens.flatMap((token) => (token.kind === 'option' && !token.inlineValue && token.value?.startsWith('-') === true ? [token] : [])).at(0);
  if (unclear === undefined || !told.endsWith('ambiguous.')) return `${told.replace(/\.$/, '')}; --help shows how.`;
  const { rawName, name, value } = unclear;
  return `${rawName} wants a value, and ${value} looks like an option. A value that begins with a dash is given behind an equals sign: --${name}=${value}`;
}

function unknownOption(said: string, known: readonly string[]): string {
  const meant = nearest(said.replace(/^-+/, ''), known);
  const there = known.length === 0 ? 'There are none beside --help' : `There are ${known.map((name) => `--${name}`).join(', ')}`;
  return `There is no option ${said}${meant === undefined ? '' : `: did you mean --${meant}?`}${meant === undefined ? '. ' : ' '}${there}; --help says what they do.`;
}

function strayWord(given: readonly string[], words: Words): string | undefined {
  if (typeof words === 'number') return given[words];
  const key = [2, 1].map((count) => ({ count, name: given.slice(0, count).join(' ') })).find(({ name }) => Object.hasOwn(words, name));
  const taken = key === undefined ? 1 + (words['*'] ?? Infinity) : key.count + (words[key.name] ?? 0);
  return given[taken];
}
