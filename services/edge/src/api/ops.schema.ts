import { z } from 'zod';
import { rowId, title, wholeText } from '../http/primitives.ts';

/** The services by the names that operators know them by. */
export const servicePath = z.strictObject({ service: z.enum(['catalog', 'card', 'routing', 'rating', 'cdr', 'edge']) });
export type ServicePath = z.output<typeof servicePath>;

export const deadLetterPage = z.strictObject({ pageSize: wholeText(1, 1000).default(100), afterId: wholeText(0, Number.MAX_SAFE_INTEGER).default(0) });
export type DeadLetterPage = z.output<typeof deadLetterPage>;

/** Which dead letters to try again; all that are parked, where none is named. */
export const redrive = z.strictObject({ ids: z.array(z.int().min(1)).max(1000).default([]) });
export type Redrive = z.output<typeof redrive>;

export const newApiKey = z.strictObject({
  name: title,
  role: z.enum(['switch', 'operator', 'reseller', 'admin']),
  resellerId: rowId.optional(),
});
export type NewApiKey = z.output<typeof newApiKey>;

export const keyPath = z.strictObject({ keyId: z.string().regex(/^[0-9a-f]{16}$/, 'must be the id of an API key') });
export type KeyPath = z.output<typeof keyPath>;
