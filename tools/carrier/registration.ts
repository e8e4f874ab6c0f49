import { z } from 'zod';
import { Misuse } from '../cli/stop.ts';
import type { Told } from '../cli/told.ts';
import type { Api } from '../client/api.ts';

/** The options of ./tollwire carrier register. */
export const registrationOptions = {
  name: { type: 'string' }, address: { type: 'string' }, tech: { type: 'string' }, strip: { type: 'string' }, 'add-prefix': { type: 'string' },
  'timeout-sec': { type: 'string' }, priority: { type: 'string' },
} as const;

export type RegistrationValues = { readonly [Name in keyof typeof registrationOptions]?: string | undefined };

const registered = z.object({ providerId: z.number() });

/** Makes a code a carrier, with the gateway where it takes calls. */
export async function register(api: Pick<Api, 'post'>, carrierCode: string, values: RegistrationValues): Promise<Told> {
  const { name, address, tech, 'add-prefix': addPrefix } = values;
  if (name === undefined || address === undefined) {
    throw new Misuse(`Say who it is and where it takes calls: ./tollwire carrier register ${carrierCode} --name NAME --address sip.example:5060`);
  }
  const gateway = { address, tech, stripDigits: whole('strip', values.strip), addPrefix, timeoutSec: whole('timeout-sec', values['timeout-sec']) };
  const json = await api.post('/v1/providers', { carrierCode, name, gateway, priority: whole('priority', values.priority) }, registered);
  return { json, lines: [`${carrierCode} is provider ${json.providerId}. Its rates: ./tollwire plan create carrier --name NAME --currency EUR --carrier-code ${carrierCode}`] };
}

function whole(option: string, given: string | undefined): number | undefined {
  if (given === undefined) return undefined;
  if (!/^\d{1,9}$/.test(given)) throw new Misuse(`--${option} takes a whole number, not "${given}".`);
  return Number(given);
}
