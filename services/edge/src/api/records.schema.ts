import type { MessageInitShape } from '@bufbuild/protobuf';
import type { ListUnmaskingsRequestSchema } from '@tollwire/contracts';
import { z } from 'zod';
import { text, wholeText } from '../http/primitives.ts';

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
