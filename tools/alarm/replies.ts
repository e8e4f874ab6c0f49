import { z } from 'zod';

const terms = z.object({
  name: z.string(), period: z.string(), type: z.string(), alertCondition: z.string(), alertValue: z.string(), alertConditionAddOn: z.string(),
  dimension: z.string(), value: z.string().default(''), currency: z.string().default(''), webhookUrl: z.string().default(''),
});

/** An alarm as the door answers it. */
export const alarm = z.object({ id: z.number(), status: z.string(), terms });
export type Alarm = z.infer<typeof alarm>;
export const alarms = z.object({ alarms: z.array(alarm) });

const run = z.object({
  from: z.string().default(''), until: z.string().default(''), fired: z.boolean(), status: z.string(), measured: z.string().default(''), threshold: z.string(),
  baseline: z.string().default(''), subject: z.string().default(''), notice: z.string(),
});
export type AlarmRun = z.infer<typeof run>;

/** What alarms measured, by themselves or in a back-test. */
export const runs = z.object({ runs: z.array(run), firedCount: z.number().optional() });
