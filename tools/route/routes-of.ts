import { ok, type Result } from '@tollwire/core';
import { z } from 'zod';
import { type DocumentRefusal, parseBy } from '../../services/rating/src/price-file/parse.ts';
import { compileDocument } from './compiled.ts';
import { routeDocument } from './document.schema.ts';
import { routedCallOf } from './route-call.ts';
import type { RoutedCall } from './routed-call.ts';

/**
 * Which carriers each call of a document takes, in its order, with no server: carriers are compiled as the routing service compiles
 * what the catalog has in force, and calls are decided by the same function. Refused where the document is malformed, with the
 * path of each fault.
 */
export async function routesOf(text: string): Promise<Result<readonly RoutedCall[], DocumentRefusal>> {
  const document = parseBy(routeDocument, text);
  if (!document.ok) return document;
  const compiled = await compileDocument(document.value);
  return ok(document.value.calls.map((call, position) => routedCallOf(compiled, call, position)));
}

/** The JSON Schema of a document as it is written. What schemas cannot say, such as names that must exist, is told when it is read. */
export function routeDocumentSchema(): object {
  return z.toJSONSchema(routeDocument, { io: 'input', target: 'draft-2020-12' });
}
