import { availableParallelism } from 'node:os';

/**
 * Threads at work at a time in each server and service of a stack that has a machine for itself: half as many as it has cores, and four at most. Nine processes share it: where
 * each would spread its collector, its compiler or its sleepless scheduler over all cores at once, a call that is being answered waits for them.
 */
export const threadsEach = Math.min(4, Math.max(1, Math.floor(availableParallelism() / 2)));
