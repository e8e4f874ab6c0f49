import { FinishDeckImportReplySchema } from '@tollwire/contracts';
import { type JsonSchema, replySchemaOf } from '../http/reply-schema.ts';

/** What became of a deck, and the name under which its bad rows are kept. */
export const deckImportedReply: JsonSchema = {
  allOf: [
    replySchemaOf(FinishDeckImportReplySchema),
    { type: 'object', required: ['importId'], properties: { importId: { type: 'string', description: 'Under it the rows that were not taken are kept.' } } },
  ],
};

/** The rows of a CDR file that were refused, as they stood in it. */
export const rowErrorsReply: JsonSchema = {
  type: 'object',
  required: ['errors', 'errorCount'],
  properties: {
    errors: {
      type: 'array',
      description: 'By line; ask again after the last line for more.',
      items: {
        type: 'object',
        required: ['line', 'code', 'rowText', 'format', 'importedBy', 'refusedAt'],
        properties: {
          line: { type: 'integer', example: 17 },
          code: { type: 'string', example: 'cdr_malformed' },
          field: { type: 'string', example: 'billsec' },
          detail: { type: 'string', example: 'This is no number of seconds.' },
          rowText: { type: 'string', description: 'The row, up to 8,192 characters of it.' },
          format: { type: 'string', example: 'asterisk_csv' },
          importedBy: { type: 'string', example: 'switch:vienna' },
          refusedAt: { type: 'string', format: 'date-time' },
        },
      },
    },
    errorCount: { type: 'integer', description: 'Of the whole import.', example: 3 },
  },
};
