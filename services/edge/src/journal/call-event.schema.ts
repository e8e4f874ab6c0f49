import { create } from '@bufbuild/protobuf';
import { CallAnsweredSchema, CallEndedSchema, CallRingingSchema, CallStartedSchema } from '@tollwire/contracts';
import { z } from 'zod';
import { onePayer, partyFields, partyOf } from '../http/parties.ts';
import { callId, carrierCode, dialled, instant, leg, money, routingNumber, switchId, text, whole } from '../http/primitives.ts';
import { missing } from '../http/parse.ts';

/** At most so many attempts of one call are told; a switch that hunts longer has a fault of its own. */
export const attemptsMax = 32;

/** ITU-T Q.850 has causes up to 127; switches use codes of their own above it. */
export const q850Cause = whole(0, 999);

const call = { switchId, callId, leg: leg.default(0) };
const parties = { ...partyFields, cli: text(64).optional(), calledNumber: dialled, trunk: text(64).optional() };
const channel = text(255).optional();

interface CallFields {
  readonly switchId: string;
  readonly callId: string;
  readonly leg: number;
}

const refOf = ({ switchId, callId, leg }: CallFields) => ({ switchId, callId, leg });

const attempt = z
  .strictObject({ carrierCode, startedAt: instant, endedAt: instant.optional(), q850Cause: q850Cause.default(0) })
  .transform(({ carrierCode, startedAt, endedAt = 0n, q850Cause }) => ({ carrierCode, startedAtUs: startedAt, endedAtUs: endedAt, q850Cause }));

const started = z
  .strictObject({ type: z.literal('CallStarted'), ...call, ...parties, startedAt: instant, channel })
  .check(onePayer)
  .transform((body) =>
    create(CallStartedSchema, {
      call: refOf(body),
      charged: partyOf(body),
      cli: body.cli ?? '',
      calledNumber: body.calledNumber,
      startedAtUs: body.startedAt,
      channel: body.channel ?? '',
      trunk: body.trunk ?? '',
    }),
  );

const ringing = z
  .strictObject({ type: z.literal('CallRinging'), ...call, ringingAt: instant })
  .meta({ description: 'The called side rings: post-dial delay is measured to it. A call is complete without it.' })
  .transform((body) => create(CallRingingSchema, { call: refOf(body), ringingAtUs: body.ringingAt }));

const answered = z
  .strictObject({ type: z.literal('CallAnswered'), ...call, answeredAt: instant, carrierCode: carrierCode.optional() })
  .transform((body) =>
    create(CallAnsweredSchema, { call: refOf(body), answeredAtUs: body.answeredAt, carrierCode: body.carrierCode ?? '' }),
  );

const endedDescription =
  'Repeats the whole call: party, number, startedAt, and answeredAt and carrierCode if it was answered. It wins wholly over ' +
  'what CallStarted and CallAnswered said: without answeredAt the call counts as not answered and is free.';

const ended = z
  .strictObject({
    type: z.literal('CallEnded'),
    ...call,
    ...parties,
    startedAt: instant,
    answeredAt: instant.optional().meta({ description: 'Needed of every call that was answered, also where CallAnswered was told.' }),
    endedAt: instant,
    q850Cause,
    carrierCode: carrierCode.optional(),
    attempts: z.array(attempt).max(attemptsMax).default([]),
    channel,
    routingNumber: routingNumber.describe('As it was routed by; where it is left out, the one that the call was authorized with counts, else the called number.'),
    preRatedSell: money.refine(({ nanos }) => nanos >= 0n, 'must not be negative').optional(),
  })
  .meta({ description: endedDescription })
  .check(onePayer)
  .transform((body) =>
    create(CallEndedSchema, {
      call: refOf(body),
      charged: partyOf(body),
      cli: body.cli ?? '',
      calledNumber: body.calledNumber,
      startedAtUs: body.startedAt,
      answeredAtUs: body.answeredAt ?? 0n,
      endedAtUs: body.endedAt,
      q850Cause: body.q850Cause,
      carrierCode: body.carrierCode ?? '',
      attempts: body.attempts,
      channel: body.channel ?? '',
      trunk: body.trunk ?? '',
      routingNumber: body.routingNumber ?? '',
      ...(body.preRatedSell === undefined ? {} : { preRatedSell: body.preRatedSell }),
    }),
  );

/** What a switch tells of a call, as JSON; inside it is the protobuf message that is journalled. */
export const callEvent = z.discriminatedUnion('type', [started, ringing, answered, ended], {
  error: ({ input }) => problemOfKind(input),
});

/** One message of the four that switches send. */
export type CallMessage = z.output<typeof callEvent>;

/** Why something is none of the four events. */
function problemOfKind(event: unknown): string {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) return 'must be an object';
  return 'type' in event && event.type !== undefined ? 'must be CallStarted, CallRinging, CallAnswered or CallEnded' : missing;
}
