import { z } from 'zod';
import { Misuse } from '../cli/stop.ts';
import type { Told } from '../cli/told.ts';
import type { Api } from '../client/api.ts';

const one = z.object({ name: z.string(), ipAddress: z.string().default(''), zone: z.string().default(''), skewMs: z.number().default(0), setBy: z.string().default('') });
const removed = z.object({ prefix: z.string(), label: z.string() });
const all = z.object({ switches: z.array(one).default([]), removedPrefixes: z.array(removed).default([]) });
const set = z.object({ prefixes: z.array(removed).default([]) });

interface Settings {
  readonly zone?: string | undefined;
  readonly 'skew-ms'?: string | undefined;
  readonly ip?: string | undefined;
}

const withRules = z.object({ numberRules: z.array(z.object({ switchId: z.string() })).default([]) });

/** The switches, one in a line. */
export async function listSwitches(api: Pick<Api, 'get'>): Promise<Told> {
  const { switches, removedPrefixes } = await api.get('/v1/switches', all);
  const rulesOf = await rulesTold(api);
  return { json: { switches, removedPrefixes }, lines: [...switches.map((each) => `${lineOf(each)}${rulesOf(each.name)}`), ...removedPrefixes.map(removedLine)] };
}

/** What is said of a switch whose numbers are read as international ones only: what is dialled at home is refused there, and its operator may not know. */
async function rulesTold(api: Pick<Api, 'get'>): Promise<(name: string) => string> {
  const { numberRules } = await api.get('/v1/number-rules', withRules);
  const ruled = new Set(numberRules.map(({ switchId }) => switchId));
  return (name) => (ruled.has(name) ? '' : `; takes international numbers only: ./tollwire numbers set ${name} --calling-code CODE says how others are dialled`);
}

/** Registers a switch, or sets it anew as a whole. */
export async function setSwitch(api: Pick<Api, 'get' | 'post'>, name: string | undefined, { zone, 'skew-ms': skew, ip }: Settings): Promise<Told> {
  if (name === undefined) throw new Misuse('Name the switch: ./tollwire switch set pbx-vienna --zone Europe/Vienna');
  if (skew !== undefined && !/^-?\d{1,8}$/.test(skew)) throw new Misuse(`--skew-ms takes a whole number of milliseconds, not "${skew}".`);
  const given = { switchId: name, zone, ipAddress: ip, skewMs: skew === undefined ? undefined : Number(skew) };
  const told = await api.post('/v1/switches', Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), one);
  return { json: told, lines: [`${lineOf(told)}${(await rulesTold(api))(told.name)}`] };
}

/** Sets what is taken off called numbers, as a whole. */
export async function setRemoved(api: Pick<Api, 'post'>, given: readonly string[], isNone: boolean): Promise<Told> {
  if ((given.length === 0) !== isNone) throw new Misuse("Say what is taken off, or --none: ./tollwire switch strip '9#=Vienna trunk'");
  const prefixes = given.map((text) => {
    const [, prefix, label] = /^([+*#0-9]{1,20})=(.{1,100})$/.exec(text) ?? [];
    if (prefix === undefined || label === undefined) throw new Misuse(`A prefix is given with its label, as '9#=Vienna trunk', not "${text}".`);
    return { prefix, label };
  });
  const told = await api.post('/v1/removed-prefixes', { prefixes }, set);
  return { json: told, lines: told.prefixes.length === 0 ? ['nothing is taken off numbers'] : told.prefixes.map(removedLine) };
}

function removedLine({ prefix, label }: z.infer<typeof removed>): string {
  return `${prefix} is taken off numbers: ${label}`;
}

function lineOf({ name, ipAddress, zone, skewMs, setBy }: z.infer<typeof one>): string {
  const address = ipAddress === '' ? '' : ` at ${ipAddress}`;
  const skew = skewMs === 0 ? '' : `, its clock ${Math.abs(skewMs)} ms ${skewMs > 0 ? 'ahead' : 'behind'}`;
  return `${name}${address}: ${zone === '' ? 'UTC' : zone}${skew}${setBy === '' ? '' : `, set by ${setBy}`}`;
}
