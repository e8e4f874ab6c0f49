import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { tell } from './cli/told.ts';
import { runningApi } from './client/connect.ts';
import { listSwitches, setRemoved, setSwitch } from './switch/switches.ts';

export const summary = 'lists the switches that tell of calls, registers one, and sets how its clock goes';

export const help = `
./tollwire switch list [--json]
./tollwire switch strip [PREFIX=LABEL]... | --none [--json]
./tollwire switch set NAME [--zone ZONE] [--skew-ms N] [--ip ADDRESS] [--json]

set registers a switch, or sets it anew as a whole: what is not given is UTC, no skew, no address.

  --zone ZONE    of the local times in its CDR files, as Europe/Vienna or +01:00
  --skew-ms N    how far its clock is ahead of ours (below zero: behind); what it tells is set back by that
  --ip ADDRESS   where it is

strip sets what is taken off called numbers before they are looked up, for all switches, as a whole ('9#=Vienna trunk'): the longest that
is there, once. --none takes off nothing.

Where services run with SWITCH_REGISTRATION=refuse, what a switch tells that is not registered is refused.
`;

const options = { zone: { type: 'string' }, 'skew-ms': { type: 'string' }, ip: { type: 'string' }, none: { type: 'boolean' }, json: { type: 'boolean' } } as const;

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action, name, ...more] } = argumentsOf(args, options, { list: 0, strip: Infinity, set: 1 });
  if (action === 'list') tell(await listSwitches(runningApi()), values.json);
  else if (action === 'set') tell(await setSwitch(runningApi(), name, values), values.json);
  else if (action === 'strip') tell(await setRemoved(runningApi(), name === undefined ? [] : [name, ...more], values.none === true), values.json);
  else throw new Misuse('Say what to do: ./tollwire switch list, or ./tollwire switch set pbx-vienna --zone Europe/Vienna');
}
