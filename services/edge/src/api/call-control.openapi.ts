import { CallExtendedSchema } from '@tollwire/contracts';
import { type JsonSchema, replySchemaOf } from '../http/reply-schema.ts';
import { refusalObject } from './calls.openapi.ts';

/** What `extend` answers: how long the call may last now, or why it may not go on beyond what it has. */
export const extendedReply: JsonSchema = {
  oneOf: [
    { allOf: [{ type: 'object', required: ['allowed'], properties: { allowed: { type: 'boolean', enum: [true] } } }, replySchemaOf(CallExtendedSchema)] },
    { type: 'object', required: ['allowed', 'refusal'], properties: { allowed: { type: 'boolean', enum: [false] }, refusal: refusalObject } },
  ],
};
