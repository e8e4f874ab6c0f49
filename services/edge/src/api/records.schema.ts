import type { MessageInitShape } from '@bufbuild/protobuf';
import type { EraseNumberRequestSchema, EraseNumbersRequestSchema, ListUnmaskingsRequestSchema } from '@tollwire/contracts';
import { z } from 'zod';
import { instant, text, wholeText } from '../http/primitives.ts';

/** Unmaskings by a person or of a call. */
export const unmaskingPage = z
  .strictObject({
    by: text(255).optional().meta({ description: 'Role and name of a key.', example: 'operator:ann' }),
    call: text(600).optional().meta({ description: 'Switch, call id and leg.', example: 'sw1/42/0' }),
    pageSize: wholeText(1, 1000).default(100),
    beforeId: wholeText(0, Number.MAX_SAFE_INTEGER).default(0),
  })
  .transform(({ by, call, pageSize, beforeId }) => ({ by: by ?? '', callKey: call ?? '', pageSize, beforeId: BigInt(beforeId) }) satisfies MessageInitShape<typeof ListUnmaskingsRequestSchema>);
export type UnmaskingPage = z.output<typeof unmaskingPage>;

/** Which days are erased, and why. */
export const erasure = z
  .strictObject({
    from: instant.meta({ description: 'The beginning of a day of UTC.', example: '2026-03-01T00:00:00Z' }),
    until: instant.meta({ description: 'The beginning of the day after the last.', example: '2026-03-02T00:00:00Z' }),
    reason: text(255).min(3),
  })
  .transform(({ from, until, reason }) => ({ fromUs: from, untilUs: until, reason }) satisfies MessageInitShape<typeof EraseNumbersRequestSchema>);
export type ErasureBody = z.output<typeof erasure>;

/** Which number is erased, and why. */
export const numberErasure = z
  .strictObject({
    number: z.string().regex(/^(?:\+|00)?\d{3,16}$/, 'must be a number of 3 to 16 digits, with or without a plus').meta({ example: '+436641234567' }),
    reason: text(255).min(3),
  })
  .transform((body) => body satisfies MessageInitShape<typeof EraseNumberRequestSchema>);
export type NumberErasureBody = z.output<typeof numberErasure>;
