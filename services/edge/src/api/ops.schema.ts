import { localClockOf } from '@tollwire/telecom';
import { z } from 'zod';
import { rowId, switchId, text, title, wholeText } from '../http/primitives.ts';

/** The services by the names that operators know them by. */
export const servicePath = z.strictObject({ service: z.enum(['catalog', 'card', 'routing', 'rating', 'cdr', 'edge']) });
export type ServicePath = z.output<typeof servicePath>;

export const deadLetterPage = z.strictObject({ pageSize: wholeText(1, 1000).default(100), afterId: wholeText(0, Number.MAX_SAFE_INTEGER).default(0),
  id: wholeText(1, Number.MAX_SAFE_INTEGER).optional().meta({ description: 'Only this one, with its content.', example: 7 }) });
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

/** A switch, and how its clock goes. */
export const switchSettings = z
  .strictObject({
    switchId,
    ipAddress: z.union([z.ipv4(), z.ipv6()]).optional().meta({ example: '192.0.2.7' }),
    zone: z.string().max(64).refine((name) => localClockOf(name) !== undefined, 'must be an IANA time zone or an offset').optional()
      .meta({ description: 'Of local times in its files; UTC where none is given.', example: 'Europe/Vienna' }),
    skewMs: z.int().min(-86_400_000).max(86_400_000).default(0).meta({ description: 'How far its clock is ahead of ours.', example: 1500 }),
  })
  .transform(({ switchId: name, ipAddress, zone, skewMs }) => ({ name, ipAddress: ipAddress ?? '', zone: zone ?? '', skewMs }));
export type SwitchSettings = z.output<typeof switchSettings>;

const removedPrefix = z.strictObject({
  prefix: z.string().regex(/^[+*#0-9]{1,20}$/, 'must be up to 20 of digits, +, * and #').meta({ example: '9#' }),
  label: text(100).meta({ example: 'trunk of the Vienna PBX' }),
});

/** What is taken off numbers, as a whole. */
export const removedPrefixes = z.strictObject({ prefixes: z.array(removedPrefix).max(200) });
export type RemovedPrefixes = z.output<typeof removedPrefixes>;
