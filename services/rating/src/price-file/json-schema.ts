import { z } from 'zod';
import { priceDocument } from './document.schema.ts';

/** The JSON Schema of a document as it is written. What schemas cannot say, such as names that must exist, is told when it is read. */
export function priceDocumentSchema(): object {
  return z.toJSONSchema(priceDocument, { io: 'input', target: 'draft-2020-12' });
}
