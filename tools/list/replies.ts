import { z } from 'zod';

export const changed = z.object({
  changedCount: z.number(), unchangedCount: z.number(),
  refused: z.array(z.object({ index: z.number(), refusal: z.object({ code: z.string(), detail: z.string().default('') }) })).default([]),
});
export type Changed = z.infer<typeof changed>;

const entry = z.object({
  prefix: z.string().optional(), country: z.string().optional(), prefixCount: z.number(), reason: z.string().default(''), listed: z.boolean(),
  listedAt: z.string(), listedBy: z.string().default(''), delistedAt: z.string().optional(), delistedBy: z.string().default(''),
  stoppedCount: z.number(), passedCount: z.number(), lastHitAt: z.string().optional(),
});
export type ListEntry = z.infer<typeof entry>;

export const shown = z.object({ entries: z.array(entry), nextAfterSubject: z.string().optional() });

export const notice = z.object({
  list: z.string(), email: z.string().default(''), webhookUrl: z.string().default(''), throttleSec: z.number().default(0), lastToldAt: z.string().optional(), by: z.string().default(''),
});
export type ListNotice = z.infer<typeof notice>;

export const notices = z.object({ notices: z.array(notice).default([]) });
