import { Misuse } from '../cli/stop.ts';

/** The options of `./tollwire numbers set`. */
export const numberRulesOptions = {
  'calling-code': { type: 'string' }, 'trunk-prefix': { type: 'string' }, 'lengths': { type: 'string' }, 'international': { type: 'string' }, 'technical': { type: 'string' },
} as const;

type Values = { readonly [Option in keyof typeof numberRulesOptions]?: string | undefined };

interface Rules {
  readonly internationalPrefixes?: readonly string[] | undefined;
  readonly technicalPrefixes?: readonly string[] | undefined;
  readonly country?: { readonly callingCode: string; readonly trunkPrefix: string; readonly nationalLengths: readonly number[] } | undefined;
}

/** Rules as the API takes them; only what was said. Stops where an option makes no sense. */
export function numberRulesBody(values: Values): Rules {
  const { 'calling-code': callingCode, 'trunk-prefix': trunkPrefix, lengths, international, technical } = values;
  if (callingCode === undefined && (trunkPrefix !== undefined || lengths !== undefined)) throw new Misuse('National numbers need --calling-code.');
  return {
    ...(international === undefined ? {} : { internationalPrefixes: listOf(international) }),
    ...(technical === undefined ? {} : { technicalPrefixes: listOf(technical) }),
    ...(callingCode === undefined ? {} : { country: { callingCode, trunkPrefix: trunkPrefix ?? '', nationalLengths: lengths === undefined ? [] : listOf(lengths).map(lengthOf) } }),
  };
}

/** Rules in a few words. */
export function rulesText({ internationalPrefixes, technicalPrefixes, country }: Rules): string {
  const told = [
    ...(technicalPrefixes === undefined ? [] : [`${technicalPrefixes.join(', ')} taken off`]),
    ...(internationalPrefixes === undefined ? [] : [`international after +, ${internationalPrefixes.join(', ')}`]),
    ...(country === undefined ? [] : [`national as ${country.callingCode}${country.trunkPrefix === '' ? '' : ` after ${country.trunkPrefix}`}${lengthsText(country.nationalLengths)}`]),
  ];
  return told.length === 0 ? 'numbers are read as international ones' : told.join('; ');
}

function lengthsText(lengths: readonly number[]): string {
  return lengths.length === 0 ? '' : `, and with ${lengths.join(' or ')} digits`;
}

function listOf(text: string): string[] {
  return text.split(',').map((each) => each.trim());
}

function lengthOf(text: string): number {
  if (!/^\d{1,2}$/.test(text)) throw new Misuse(`--lengths takes whole numbers, not "${text}".`);
  return Number(text);
}
