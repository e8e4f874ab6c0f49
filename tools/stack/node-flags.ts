import type { ServiceName } from '../cli/project.ts';
import { threadsEach } from '../servers/threads.ts';

/**
 * A batch makes thousands of short-lived objects; in a nursery of this many MB they die before they are copied. Measured: a
 * tenth less processor time for each call.
 */
const batchNurseryMb = 64;

/**
 * Where each request is answered by itself little is alive at a time. What takes long then is to give back the buffers that were in the nursery: 3 ms after one of 64 MB,
 * in which the thread that does so may keep the one that answers from its core.
 */
const requestNurseryMb = 16;

/**
 * In a large nursery, sites of which much once survived are allocated old from then on, and what dies there keeps what it names alive: a process that asks 2,000 times a second
 * paused for 13 to 22 ms each second, without that for 1.4 ms. Compilers and collectors of all services at once, four threads each, doubled the longest waits of authorizations
 * on two cores.
 */
function flagsWith(nurseryMb: number): readonly string[] {
  return [`--max-semi-space-size=${nurseryMb}`, '--no-allocation-site-pretenuring', `--v8-pool-size=${threadsEach}`];
}

/** What Node is told where one request at a time is asked or answered, as by the bench's programs. */
export const requestFlags = flagsWith(requestNurseryMb);

/** What Node is told when it runs a service. */
export function nodeFlagsOf(service: ServiceName): readonly string[] {
  return service === 'routing' ? requestFlags : flagsWith(batchNurseryMb);
}
