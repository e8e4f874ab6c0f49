import { Misuse } from '../cli/stop.ts';

/** The options of ./tollwire carrier limits. */
export const limitOptions = {
  hours: { type: 'string', multiple: true }, 'time-zone': { type: 'string' }, concurrent: { type: 'string' }, 'per-sec': { type: 'string' },
  'asr-min': { type: 'string' }, 'acd-min': { type: 'string' }, 'pdd-max': { type: 'string' }, 'attempts-min': { type: 'string' }, 'lock-sec': { type: 'string' },
  codecs: { type: 'string' }, 'attestation-min': { type: 'string' }, 'accounts-only': { type: 'string' }, 'accounts-not': { type: 'string' },
} as const;

type LimitValues = { readonly [Name in keyof typeof limitOptions]?: string | readonly string[] | undefined };

/** Limits as the API takes them: only what was said. Stops where an option cannot be read. */
export function limitBody(values: LimitValues): Record<string, unknown> {
  const { hours, 'time-zone': timeZone, 'asr-min': asr } = values;
  const body = {
    hours: Array.isArray(hours) ? hours.map(windowOf) : undefined,
    timeZone,
    concurrentCallsMax: whole('concurrent', values.concurrent), callsPerSecMax: whole('per-sec', values['per-sec']),
    asrPpmMin: typeof asr === 'string' ? ppmOf(asr) : undefined,
    acdSecMin: whole('acd-min', values['acd-min']), pddMsMax: whole('pdd-max', values['pdd-max']),
    attemptCountMin: whole('attempts-min', values['attempts-min']), lockSec: whole('lock-sec', values['lock-sec']),
    codecs: listOf(values.codecs), attestationMin: values['attestation-min'], accountsOnly: listOf(values['accounts-only']), accountsNot: listOf(values['accounts-not']),
  };
  return Object.fromEntries(Object.entries(body).filter(([, value]) => value !== undefined));
}

function listOf(given: LimitValues[keyof LimitValues]): string[] | undefined {
  return typeof given === 'string' ? given.split(',').map((text) => text.trim()) : undefined;
}

function whole(option: string, given: LimitValues[keyof LimitValues]): number | undefined {
  if (typeof given !== 'string') return undefined;
  if (!/^[1-9]\d{0,8}$/.test(given)) throw new Misuse(`--${option} takes a whole number from 1, not "${given}".`);
  return Number(given);
}

/** `40`, `40%` or `37.5`: percent, as millionths. */
function ppmOf(text: string): number {
  const [, whole = '', fraction = ''] = /^(\d{1,3})(?:\.(\d{1,4}))?%?$/.exec(text) ?? [];
  const ppm = Number(whole) * 10_000 + Number(fraction.padEnd(4, '0'));
  if (whole === '' || ppm < 1 || ppm > 1_000_000) throw new Misuse(`--asr-min takes a percentage above 0, such as 40, not "${text}".`);
  return ppm;
}

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** `08:00-20:00`, or `mon-fri,sun 20:00-06:00`. */
function windowOf(text: string): Record<string, unknown> {
  const [, days, from, until] = /^(?:([a-z,-]+) +)?(\d\d:\d\d)-(\d\d:\d\d)$/.exec(text.toLowerCase()) ?? [];
  if (from === undefined) throw new Misuse(`--hours takes times of day, such as "mon-fri 08:00-20:00", not "${text}".`);
  return { ...(days === undefined ? {} : { weekdays: days.split(',').flatMap((part) => weekdaysOf(part, text)) }), from, until };
}

function weekdaysOf(part: string, text: string): number[] {
  const [first = -1, last = first, ...more] = part.split('-').map((day) => DAYS.indexOf(day));
  if (first < 0 || last < first || more.length > 0) throw new Misuse(`--hours knows the days ${DAYS.join(', ')} in that order, not those of "${text}".`);
  return DAYS.flatMap((_, at) => (at >= first && at <= last ? [at + 1] : []));
}
