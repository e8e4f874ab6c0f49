import { CardTotalsSchema, CdrTotalsSchema, RatingTotalsSchema } from '@tollwire/contracts';
import { type JsonSchema, replySchemaOf } from '../http/reply-schema.ts';

/** The totals of three services, side by side. */
export const totalsReply: JsonSchema = {
  type: 'object',
  required: ['card', 'rating', 'cdr'],
  properties: { card: replySchemaOf(CardTotalsSchema), rating: replySchemaOf(RatingTotalsSchema), cdr: replySchemaOf(CdrTotalsSchema) },
};

const keyFields = {
  keyId: { type: 'string', example: '5f1c0a9e77d3b240' },
  name: { type: 'string', example: 'vienna' },
  role: { type: 'string', enum: ['switch', 'operator', 'reseller', 'admin'] },
  resellerId: { type: 'integer', example: 7 },
  issuedAt: { type: 'string', format: 'date-time' },
  issuedBy: { type: 'string', example: 'admin:bootstrap' },
};

/** A key that was just issued: the only time that its token is told. */
export const issuedKeyReply: JsonSchema = {
  type: 'object',
  required: ['keyId', 'token'],
  properties: { keyId: keyFields.keyId, token: { type: 'string', description: 'Shown this once; only its digest is kept.', example: 'tw_5f1c0a9e77d3b240_…' } },
};

/** All keys, without anything that opens a door. */
export const keysReply: JsonSchema = {
  type: 'object',
  required: ['apiKeys'],
  properties: {
    apiKeys: {
      type: 'array',
      items: { type: 'object', properties: { ...keyFields, revokedAt: { type: 'string', format: 'date-time' }, revokedBy: { type: 'string' } } },
    },
  },
};
