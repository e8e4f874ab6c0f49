import { routeDocumentSchema } from '../route/routes-of.ts';

export const path = 'docs/route.schema.json';

/** docs/route.schema.json: what ./tollwire route FILE takes, from the schema that reads it. */
export function generate(): string {
  return `${JSON.stringify(routeDocumentSchema(), null, 2)}\n`;
}
