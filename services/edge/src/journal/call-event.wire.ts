import { fromBinary } from '@bufbuild/protobuf';
import { CallAnsweredSchema, CallEndedSchema, CallRingingSchema, CallStartedSchema, type CodedRefusal, type ReceivedEvent } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { z } from 'zod';
import { accountCode, callId, cardId, carrierCode, currency, dialled, leg, switchId, text } from '../http/primitives.ts';
import { faultOf } from '../http/parse.ts';
import { attemptsMax, type CallMessage, q850Cause } from './call-event.schema.ts';

const orEmpty = (schema: z.ZodType<string>) => z.union([z.literal(''), schema]);
const called = z.object({ switchId, callId, leg });
const charged = z.object({
  party: z.discriminatedUnion('case', [
    z.object({ case: z.literal('cardId'), value: cardId }),
    z.object({ case: z.literal('accountCode'), value: accountCode }),
  ]),
});

/** What is checked of a message that arrived as protobuf: the same limits as of JSON, upon the fields of the message. */
const forms: Readonly<Record<CallMessage['$typeName'], z.ZodType>> = {
  'tollwire.call.v1.CallStarted': z.object({ call: called, charged, cli: orEmpty(text(64)), calledNumber: dialled, channel: orEmpty(text(255)), trunk: orEmpty(text(64)) }),
  'tollwire.call.v1.CallRinging': z.object({ call: called }),
  'tollwire.call.v1.CallAnswered': z.object({ call: called, carrierCode: orEmpty(carrierCode) }),
  'tollwire.call.v1.CallEnded': z.object({
    call: called,
    charged,
    cli: orEmpty(text(64)),
    calledNumber: dialled,
    q850Cause,
    carrierCode: orEmpty(carrierCode),
    attempts: z.array(z.object({ carrierCode, q850Cause })).max(attemptsMax),
    channel: orEmpty(text(255)),
    trunk: orEmpty(text(64)),
    routingNumber: orEmpty(dialled),
    preRatedSell: z.object({ currency, nanos: z.bigint().min(0n) }).optional(),
  }),
};

/** The call message of a received CloudEvent, or what is wrong with it. */
export function callMessageOf(received: ReceivedEvent): Result<CallMessage, CodedRefusal> {
  const message = decoded(received);
  if (!message.ok) return message;
  const issue = forms[message.value.$typeName].safeParse(message.value).error?.issues[0];
  return issue === undefined ? message : refuse(faultOf(issue));
}

function decoded({ type, dataBytes }: ReceivedEvent): Result<CallMessage, CodedRefusal> {
  try {
    switch (type) {
      case CallStartedSchema.typeName:
        return ok(fromBinary(CallStartedSchema, dataBytes));
      case CallRingingSchema.typeName:
        return ok(fromBinary(CallRingingSchema, dataBytes));
      case CallAnsweredSchema.typeName:
        return ok(fromBinary(CallAnsweredSchema, dataBytes));
      case CallEndedSchema.typeName:
        return ok(fromBinary(CallEndedSchema, dataBytes));
      default:
        return refuse({ code: 'unexpected_event_type', field: 'type', facts: { type } });
    }
  } catch (error) {
    return refuse({ code: 'message_malformed', field: 'data', detail: error instanceof Error ? error.message : String(error) });
  }
}
