import { z } from 'zod';
import { Stop } from '../cli/stop.ts';
import type { Told } from '../cli/told.ts';
import type { Api } from '../client/api.ts';

const one = z.object({ name: z.string(), ipAddress: z.string().default(''), zone: z.string().default(''), skewMs: z.number().default(0), setBy: z.string().default('') });
const all = z.object({ switches: z.array(one).default([]) });

interface Settings {
  readonly zone?: string | undefined;
  readonly 'skew-ms'?: string | undefined;
  readonly ip?: string | undefined;
}

/** The switches, one in a line. */
export async function listSwitches(api: Pick<Api, 'get'>): Promise<Told> {
  const { switches } = await api.get('/v1/switches', all);
  return { json: { switches }, lines: switches.map(lineOf) };
}

/** Registers a switch, or sets it anew as a whole. */
export async function setSwitch(api: Pick<Api, 'post'>, name: string | undefined, { zone, 'skew-ms': skew, ip }: Settings): Promise<Told> {
  if (name === undefined) throw new Stop('Name the switch: ./tollwire switch set pbx-vienna --zone Europe/Vienna');
  if (skew !== undefined && !/^-?\d{1,8}$/.test(skew)) throw new Stop(`--skew-ms takes a whole number of milliseconds, not "${skew}".`);
  const given = { switchId: name, zone, ipAddress: ip, skewMs: skew === undefined ? undefined : Number(skew) };
  const set = await api.post('/v1/switches', Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined)), one);
  return { json: set, lines: [lineOf(set)] };
}

function lineOf({ name, ipAddress, zone, skewMs, setBy }: z.infer<typeof one>): string {
  const address = ipAddress === '' ? '' : ` at ${ipAddress}`;
  const skew = skewMs === 0 ? '' : `, its clock ${Math.abs(skewMs)} ms ${skewMs > 0 ? 'ahead' : 'behind'}`;
  return `${name}${address}: ${zone === '' ? 'UTC' : zone}${skew}${setBy === '' ? '' : `, set by ${setBy}`}`;
}
