import type { MessageInitShape } from '@bufbuild/protobuf';
import type { LiveCallsRequestSchema, RecountReportsRequestSchema, TrafficReportRequestSchema } from '@tollwire/contracts';
import { z } from 'zod';
import { instant, switchId, text } from '../http/primitives.ts';
import type { JsonSchema } from '../http/reply-schema.ts';

export const switchPath = z.strictObject({ switchId });
export type SwitchPath = z.output<typeof switchPath>;

/** When a switch was started again. */
export const restarted = z.strictObject({ at: instant.optional().meta({ description: 'The instant of the restart; now, where none is given.' }) });
export type Restarted = z.output<typeof restarted>;

/** Which report: broken down by what and into which steps, over which time, compared with which. */
export const trafficQuery = z
  .strictObject({
    by: z.enum(['all', 'carrier', 'country', 'destination', 'account', 'switch', 'cause']).default('all'),
    step: z.enum(['minute', 'hour', 'day', 'whole']).default('whole'),
    from: instant.meta({ description: 'Calls set up at or after this instant; a whole minute.', example: '2026-03-14T00:00:00Z' }),
    until: instant.meta({ description: 'Calls set up before this instant; a whole minute.', example: '2026-03-15T00:00:00Z' }),
    value: text(255).optional().meta({ description: 'Only this carrier, country, …', example: 'NORTH' }),
    compareFrom: instant.optional().meta({ description: 'The beginning of an earlier time of the same length.', example: '2026-03-13T00:00:00Z' }),
  })
  .transform(({ by, step, from, until, value, compareFrom }) => ({
    groupBy: by,
    step,
    fromUs: from,
    untilUs: until,
    value: value ?? '',
    compareFromUs: compareFrom ?? 0n,
  }) satisfies MessageInitShape<typeof TrafficReportRequestSchema>);
export type TrafficQuery = z.output<typeof trafficQuery>;

/** Of which time the reports are recounted. */
export const recount = z
  .strictObject({
    from: instant.meta({ description: 'Calls set up at or after this instant; a whole minute.', example: '2026-03-14T00:00:00Z' }),
    until: instant.meta({ description: 'Calls set up before this instant; a whole minute.', example: '2026-03-15T00:00:00Z' }),
  })
  .transform(({ from, until }) => ({ fromUs: from, untilUs: until }) satisfies MessageInitShape<typeof RecountReportsRequestSchema>);
export type Recount = z.output<typeof recount>;

export const liveQuery = z
  .strictObject({ by: z.enum(['all', 'carrier', 'account', 'switch']).default('all') })
  .transform(({ by }) => ({ groupBy: by }) satisfies MessageInitShape<typeof LiveCallsRequestSchema>);
export type LiveQuery = z.output<typeof liveQuery>;

/** The live calls, with what card has set aside for calls. */
export const liveReply = (live: JsonSchema, reserved: JsonSchema): JsonSchema => ({ allOf: [live, reserved] });
