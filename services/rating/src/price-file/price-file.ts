import { ok, type Result } from '@tollwire/core';
import type { RatingTables } from '../domain/tables.ts';
import type { RatesSeen } from './deck.ts';
import type { PriceDocument, StatedCall } from './document.schema.ts';
import { FreeSeconds } from './free-seconds.ts';
import { usOfWritten, type WrittenInstant } from './local-instant.ts';
import type { MakeRates } from './made-deck.ts';
import { type DocumentRefusal, parseDocument } from './parse.ts';
import { payerOf } from './payer.ts';
import { pricedCallOf } from './price-call.ts';
import type { PricedCall } from './priced-call.ts';
import { tablesOf } from './tables-of.ts';

export type { DocumentFault, DocumentRefusal } from './parse.ts';
export type { PricedCall, PricedConversion } from './priced-call.ts';

/**
 * What each call of a document costs, in its order, with no server: the document is compiled as the rating service compiles the
 * catalog, and its calls are priced by the same functions. Refused where the document is malformed, with the path of each fault.
 *
 * @param make makes rates from those of carriers; needed where a plan has such rates
 */
export async function pricesOf(text: string, make?: MakeRates): Promise<Result<readonly PricedCall[], DocumentRefusal>> {
  const document = parseDocument(text);
  if (!document.ok) return document;
  const tables = new Map<string, RatingTables>();
  const free = new FreeSeconds(document.value);
  const priced: PricedCall[] = [];
  for (const [position, call] of document.value.calls.entries()) {
    const seen = seenBy(document.value, call);
    const key = `${seen.asOfUs ?? ''}/${seen.knownAtUs ?? ''}`;
    const compiled = tables.get(key) ?? (await tablesOf(document.value, seen, make));
    tables.set(key, compiled);
    priced.push(pricedCallOf(document.value, { position, call, tables: compiled }, free));
  }
  return ok(priced);
}

function seenBy(document: PriceDocument, call: StatedCall): RatesSeen {
  const payer = payerOf(document, call);
  const us = (written: WrittenInstant | undefined) => (written === undefined ? undefined : usOfWritten(written, payer.ok ? payer.value.plan.timeZone : 'UTC'));
  return { asOfUs: us(call.asOf), knownAtUs: us(call.knownAt) };
}
