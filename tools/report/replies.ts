import { z } from 'zod';

const money = z.object({ currency: z.string(), sell: z.string().default('0.00'), buy: z.string().default('0.00'), margin: z.string().default('0.00') });

const figures = z.object({
  callCount: z.number(),
  attemptCount: z.number().optional(),
  answeredCount: z.number(),
  abandonedCount: z.number(),
  talkMs: z.number(),
  asrPercent: z.number().optional(),
  nerPercent: z.number().optional(),
  acdSec: z.number().optional(),
  pddMs: z.number().optional(),
  shortPercent: z.number().optional(),
  money: z.array(money),
});
export type Figures = z.infer<typeof figures>;

const row = z.object({ at: z.string(), value: z.string().default(''), name: z.string().default(''), figures, compared: figures.optional() });
export type ReportRow = z.infer<typeof row>;

/** What `GET /v1/reports/traffic` answers. */
export const trafficReport = z.object({ rows: z.array(row) });

/** What `GET /v1/reports/live` answers. */
export const liveReport = z.object({
  groups: z.array(z.object({ value: z.string().default(''), callCount: z.number() })),
  openReservationCount: z.number(),
  reserved: z.array(z.object({ amount: z.string(), currency: z.string() })).default([]),
});
