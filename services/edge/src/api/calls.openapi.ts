import type { ApiBodyOptions } from '@nestjs/swagger';
import { AuthorizedSchema, batchContentType, ExplainCallReplySchema, CallRecordSchema, RouteDecidedSchema } from '@tollwire/contracts';
import { z } from 'zod';
import { type JsonSchema, replyComponents, replySchemaOf } from '../http/reply-schema.ts';
import { eventsBody } from './call-events.ts';

/** The refusal within an answer that is no error. */
export const refusalObject: JsonSchema = {
  type: 'object',
  required: ['code', 'detail', 'facts'],
  properties: {
    code: { type: 'string', example: 'insufficient_credit' },
    detail: { type: 'string', example: 'The free credit of 0.01 EUR does not pay for the first 30 seconds.' },
    field: { type: 'string' },
    facts: { type: 'object', additionalProperties: { type: 'string' }, example: { available: '0.01 EUR' } },
  },
};

/** What `authorize` answers: allowed with all that the switch needs, or refused with the reason. */
export const authorizedReply: JsonSchema = {
  oneOf: [
    { allOf: [{ type: 'object', required: ['allowed'], properties: { allowed: { type: 'boolean', enum: [true] } } }, replySchemaOf(AuthorizedSchema)] },
    { type: 'object', required: ['allowed', 'refusal'], properties: { allowed: { type: 'boolean', enum: [false] }, refusal: refusalObject } },
  ],
};

/** How a call was priced, with its record, and its route where it was authorized here. */
export const explainedReply: JsonSchema = {
  allOf: [replySchemaOf(ExplainCallReplySchema), { type: 'object', properties: { record: replySchemaOf(CallRecordSchema), route: replySchemaOf(RouteDecidedSchema) } }],
};

/** What telling events answers. */
export const eventsReply: JsonSchema = {
  type: 'object',
  required: ['accepted'],
  properties: {
    accepted: { type: 'integer', description: 'Events that are durable now.', example: 99 },
    refused: {
      type: 'array',
      items: {
        type: 'object',
        required: ['index', 'code'],
        properties: {
          index: { type: 'integer', description: 'Place in the request, from 0.', example: 17 },
          code: { type: 'string', example: 'field_missing' },
          field: { type: 'string', example: 'calledNumber' },
          detail: { type: 'string', example: 'calledNumber is missing.' },
        },
      },
    },
  },
};

replyComponents.set('CallEvents', z.toJSONSchema(eventsBody, { target: 'openapi-3.0', io: 'input' }));

/** The two forms in which events are told. */
export const eventsRequest: ApiBodyOptions = {
  required: true,
  description: `Events as JSON, or a CloudEventBatch in protobuf (${batchContentType}) of tollwire.call.v1 messages.`,
  schema: { $ref: '#/components/schemas/CallEvents' },
};
