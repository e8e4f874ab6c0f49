import type { MessageInitShape } from '@bufbuild/protobuf';
import type { StartReratingRequestSchema } from '@tollwire/contracts';
import { z } from 'zod';
import { isNamed, onePayer, onePlan, partyFields, partyOf, planFields, planOf } from '../http/parties.ts';
import { carrierCode, instant, knownAt, prefix, text } from '../http/primitives.ts';

const reratingId = text(128).meta({ description: 'Names the job, so that it runs once however often it is asked for; made up where none is given.', example: 'june-spain' });

/** Whose calls and which are rated again: those that every given condition holds for. */
const filterFields = {
  from: instant.meta({ description: 'Calls set up at or after this instant.' }),
  until: instant.optional().meta({ description: 'Calls set up before this instant; up to now, where none is given.' }),
  ...planFields,
  ...partyFields,
  carrierCode: carrierCode.optional(),
  destinationPrefix: prefix.optional(),
  includePreRated: z.boolean().default(false).meta({ description: 'Also calls whose price the sender had set.' }),
};

/** A dry run unless `apply` is set. */
export const rerating = z
  .strictObject({ reratingId: reratingId.optional(), ...filterFields, knownAt, apply: z.boolean().default(false), reason: text(255).optional() })
  .check(
    (context) => (isNamed(context.value.tariffId, context.value.voipPlanId) ? onePlan(context) : undefined),
    (context) => (isNamed(context.value.cardId, context.value.accountCode) ? onePayer(context) : undefined),
  )
  .transform((body) => ({
    reratingId: body.reratingId ?? '',
    filter: {
      fromUs: body.from,
      untilUs: body.until ?? 0n,
      ...(isNamed(body.tariffId, body.voipPlanId) ? { plan: planOf(body) } : {}),
      ...(isNamed(body.cardId, body.accountCode) ? { charged: partyOf(body) } : {}),
      carrierCode: body.carrierCode ?? '',
      destinationPrefix: body.destinationPrefix ?? '',
      includePreRated: body.includePreRated,
    },
    knownAtUs: body.knownAt ?? 0n,
    apply: body.apply,
    reason: body.reason ?? '',
  }) satisfies MessageInitShape<typeof StartReratingRequestSchema>);
export type ReratingBody = z.output<typeof rerating>;

export const reratingPath = z.strictObject({ reratingId });
export type ReratingPath = z.output<typeof reratingPath>;
