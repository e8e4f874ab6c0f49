import { z } from 'zod';
import { exchangeRate, plan, retailPlan } from '../../services/rating/src/price-file/document.schema.ts';
import { callInstant, name, writtenInstant } from '../../services/rating/src/price-file/fields.ts';
import { rate } from '../../services/rating/src/price-file/rates.schema.ts';
import { attestation, codecs, routedCarrier } from './carrier.schema.ts';
import { documentFaults } from './document-faults.ts';
import { digits, routingPolicy } from './policy.schema.ts';

const routedPlan = plan
  .extend({
    rates: z.array(rate).optional().describe('What its customers pay. Without rates and retailPlans nothing is sold, and no loss is told.'),
    validFrom: writtenInstant.optional(),
    validUntil: writtenInstant.optional(),
    routing: routingPolicy.prefault({}),
  })
  .meta({ id: 'routedPlan', description: 'How the calls of its customers are sold and routed.' });

const dialSwitch = z
  .strictObject({
    name,
    internationalPrefixes: z.array(z.string().regex(/^[0-9*#+]{1,8}$/, 'must be 1 to 8 dial characters')).min(1).optional()
      .describe('What is dialled before an international number; "00", and "011" unless national numbers begin with 0.'),
    technicalPrefixes: z.array(z.string().regex(/^[0-9*#+]{1,16}$/, 'must be 1 to 16 dial characters')).default([]).describe('Taken off before anything else.'),
    country: z.strictObject({
      callingCode: z.string().regex(/^[1-9]\d{0,2}$/, 'must be 1 to 3 digits that do not begin with 0'),
      trunkPrefix: z.string().regex(/^\d{0,4}$/, 'must be at most 4 digits').default('').describe('What precedes a national number at home.'),
      nationalLengths: z.array(z.int().min(1).max(14)).default([]).describe('Digits of a national number, without the trunk prefix.'),
    }).optional(),
  })
  .meta({ id: 'switch', description: 'How numbers are dialled on a switch or trunk.' });

const attempt = z
  .strictObject({ carrier: name, q850: z.int().min(0).max(999).optional(), sip: z.int().min(200).max(699).optional(), disposition: z.string().min(1).max(32).optional() })
  .refine(({ q850, sip, disposition }) => [q850, sip, disposition].filter((cause) => cause !== undefined).length === 1, 'must have one of q850, sip and disposition');

const call = z
  .strictObject({
    id: name,
    plan: name.optional(),
    account: name.optional(),
    number: z.string().max(512).describe('As it was dialled; what it says of number portability (RFC 4694, `;npdi;rn=`) counts where `routingNumber` is not told.'),
    switch: name.optional(),
    caller: z.string().max(512).optional(),
    start: callInstant,
    routingNumber: z.string().max(512).optional().describe('What a number portability lookup answered: carriers are found by it, and get the called number.'),
    codecs: codecs.optional(),
    attestation: attestation.optional(),
    attempts: z.array(attempt).max(100).default([]).describe('Carriers that did not connect it, in their order: the result says which one is next.'),
  })
  .refine(({ plan: named, account }) => (named === undefined) !== (account === undefined), 'must have one of plan and account')
  .meta({ id: 'routedCall' });

/** Without calls nothing would be answered, which reads as if all were well. */
const CALLS = 'put there the calls to route, each with id, plan or account, number and start';

const shape = z.strictObject({
  $schema: z.string().optional(),
  plans: z.array(routedPlan).min(1),
  retailPlans: z.array(retailPlan).default([]),
  carriers: z.array(routedCarrier).default([]),
  accounts: z.array(z.strictObject({
    account: name, plan: name,
    gatewayGroups: z.array(z.string().min(1).max(64)).default([]).describe('Groups of gateways that its calls may use; none: all gateways.'),
  }).meta({ id: 'account' })).default([]),
  countries: z.array(z.strictObject({ country: z.string().regex(/^[A-Z]{2}$/, 'must be a country of two capital letters'), prefixes: z.array(digits).min(1) }).meta({ id: 'country' })).default([])
    .describe('What a country on a list stands for.'),
  switches: z.array(dialSwitch).default([]),
  exchangeRates: z.array(exchangeRate).default([]).describe('By which prices in another currency than the sale are converted.'),
  calls: z.array(call, { error: ({ input }) => (input === undefined ? `is missing: ${CALLS}` : undefined) }).min(1, `must have at least one: ${CALLS}`),
});

export type RouteDocument = z.output<typeof shape>;
export type RoutedPlan = z.output<typeof routedPlan>;
export type StatedRoutedCall = z.output<typeof call>;

/** Carriers, plans and calls, from which `./tollwire route FILE` answers routes. */
export const routeDocument = shape
  .superRefine((document, context) => {
    for (const { path, message } of documentFaults(document)) context.addIssue({ code: 'custom', path: [...path], message });
  })
  .meta({ title: 'Tollwire route document', description: 'Carriers, plans and calls: ./tollwire route FILE answers which carriers each call takes, and why.' });
