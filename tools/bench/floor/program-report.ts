import { z } from 'zod';

/**
 * What a program of the floor tells when it is done: when, by the clock of the machine, and the processor seconds that
 * it used, and that PostgreSQL used for it.
 */
export const programReport = z.object({ startedMs: z.number(), endedMs: z.number(), ownSec: z.number(), postgresSec: z.number() });
export type ProgramReport = z.infer<typeof programReport>;
