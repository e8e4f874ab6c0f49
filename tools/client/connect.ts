import { Misuse, Stop } from '../cli/stop.ts';
import { secrets } from '../servers/secrets.ts';
import { addressesOf, liveRun } from '../stack/run-state.ts';
import { Api } from './api.ts';

/** The API of this clone's running services, with the operator's own key where no other is named. */
export function runningApi(): Api {
  const url = process.env['TOLLWIRE_URL'];
  const key = process.env['TOLLWIRE_API_KEY'];
  if (url !== undefined && key !== undefined) return new Api({ baseUrl: url, key });
  if (url !== undefined) throw new Misuse('TOLLWIRE_URL names another door, which wants a key of its own: put that into TOLLWIRE_API_KEY.');
  const state = liveRun();
  if (state === undefined) throw new Stop('Nothing runs here; start it with ./tollwire up (or name another with TOLLWIRE_URL and TOLLWIRE_API_KEY).');
  return new Api({ baseUrl: addressesOf(state).api, key: key ?? secrets().edgeAdminKey });
}
