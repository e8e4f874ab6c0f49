import { z } from 'zod';

/** What a program of the floor tells when it is done: when, by the clock of the machine, and the processor time that it used. */
export const programReport = z.object({ startedMs: z.number(), endedMs: z.number(), cpuUs: z.number() });
export type ProgramReport = z.infer<typeof programReport>;
