import { priceDocumentSchema } from '../../services/rating/src/price-file/json-schema.ts';

export const path = 'docs/price.schema.json';

/** docs/price.schema.json: what ./tollwire price takes, from the schema that reads it. */
export function generate(): string {
  return `${JSON.stringify(priceDocumentSchema(), null, 2)}\n`;
}
