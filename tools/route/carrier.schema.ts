import { z } from 'zod';
import { carrier } from '../../services/rating/src/price-file/document.schema.ts';
import { name, writtenInstant } from '../../services/rating/src/price-file/fields.ts';
import { window } from '../../services/rating/src/price-file/rates.schema.ts';

const callerId = z
  .discriminatedUnion('rule', [
    z.strictObject({ rule: z.literal('keep') }),
    z.strictObject({ rule: z.literal('replace'), number: z.string().regex(/^\+?\d{1,20}$/, 'must be 1 to 20 digits, with or without a + before them') }),
    z.strictObject({
      rule: z.literal('digits'), stripDigits: z.int().min(0).max(15).default(0), addPrefix: z.string().regex(/^\+?\d{0,16}$/, 'must be at most 16 digits, with or without a + before them').default(''),
    }),
    z.strictObject({ rule: z.literal('withhold') }),
  ])
  .meta({ id: 'callerId', description: 'Which caller id is presented: the caller’s as it is, a fixed number, the caller’s number with other digits before it, or none.' });

const gateway = z
  .strictObject({
    address: z.string().min(1).max(255).default(''),
    protocol: z.string().min(1).max(16).default('SIP'),
    stripDigits: z.int().min(0).max(15).default(0),
    addPrefix: z.string().regex(/^[0-9*#+]{0,16}$/, 'must be at most 16 dial characters').default(''),
    timeoutSec: z.int().min(1).max(300).default(30),
    portability: z.enum(['rn', 'prefix']).optional()
      .describe('How it wants number portability told: as parameters of the number (RFC 4694), or by the routing number before it. Without: not at all.'),
    callerId: callerId.optional(),
  })
  .meta({ id: 'gateway', description: 'Where the carrier takes calls, and the number as it wants it.' });

const namedGateway = z
  .strictObject({
    ...gateway.shape,
    name: z.string().min(1).max(64),
    groups: z.array(z.string().min(1).max(64)).default([]),
    priority: z.int().min(0).max(1_000_000).default(0).describe('Lower goes first.'),
    weight: z.number().min(0).max(1_000_000).default(1).describe('Shares among gateways of the same priority.'),
    active: z.boolean().default(true),
  })
  .meta({ id: 'namedGateway', description: 'One of several places where the carrier takes calls, in groups that accounts may use.' });

const capacity = z.strictObject({ inUse: z.int().min(0), max: z.int().min(0) });
const share = z.number().min(0).max(1);
const measure = z.number().min(0).max(1_000_000_000);

const quality = z
  .strictObject({
    asr: share.optional().describe('Answered calls by attempts, 0 to 1.'), acdSec: measure.optional(), pddMs: measure.optional(),
    attempts: z.int().min(0).default(1).describe('Over how many attempts that was measured.'),
    asrMin: share.optional(), acdSecMin: measure.optional(), pddMsMax: measure.optional(),
    attemptsMin: z.int().min(0).default(1).describe('Over fewer nothing is judged.'),
    lockedUntil: writtenInstant.optional().describe('From then on the carrier is tried again.'),
  })
  .meta({ id: 'quality', description: 'What was measured of the carrier, and what it must keep to.' });

const balance = z
  .string()
  .regex(/^-?\d{1,9}(\.\d{1,9})?$/, 'must be an amount as decimal text, such as "-0.5"')
  .transform((text) => {
    const [whole = '', fraction = ''] = text.replace('-', '').split('.');
    const nanos = BigInt(whole) * 1_000_000_000n + BigInt(fraction.padEnd(9, '0'));
    return text.startsWith('-') ? -nanos : nanos;
  })
  .meta({ description: 'What is left of the balance with the carrier; with nothing left it is skipped.' });

export const codecs = z.array(z.string().min(1).max(32)).min(1);
export const attestation = z.enum(['A', 'B', 'C']);

/** A carrier with its rates, and what is agreed and known of it when calls are routed. */
export const routedCarrier = carrier
  .extend({
    active: z.boolean().default(true),
    priority: z.int().min(0).max(1_000_000).default(0).describe('Lower goes first.'),
    weight: z.number().min(0).max(1_000_000).default(1),
    gateway: gateway.default({ address: '', protocol: 'SIP', stripDigits: 0, addPrefix: '', timeoutSec: 30 }),
    gateways: z.array(namedGateway).min(1).optional().describe('In place of gateway, where there are several.'),
    sellBy: name.optional().describe('The retail plan that customers pay by over this carrier, where that differs by carrier.'),
    hours: z.array(window).min(1).optional().describe('When it takes calls, by the clocks of its timeZone.'),
    accountsOnly: z.array(name).optional(),
    accountsNot: z.array(name).optional(),
    codecs: codecs.optional(),
    attestationMin: attestation.optional().describe('The weakest STIR attestation that it takes.'),
    concurrentCalls: capacity.optional(),
    callsPerSec: capacity.optional(),
    balance: balance.optional(),
    quality: quality.optional(),
  })
  .meta({ id: 'routedCarrier', description: 'What a carrier charges, and what is known of it when calls are routed.' });

export type StatedCarrier = z.output<typeof routedCarrier>;
