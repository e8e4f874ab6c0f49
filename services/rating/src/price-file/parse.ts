import { ok, refuse, type Result } from '@tollwire/core';
import type { z } from 'zod';
import { priceDocument, type PriceDocument } from './document.schema.ts';
import { isMade, makingFaults } from './made-deck.ts';
import { plainMessage } from './plain-messages.ts';

/** What is wrong with a document, and where: `$.plans[0].rates[2].rate`. */
export interface DocumentFault {
  readonly path: string;
  readonly message: string;
}

export interface DocumentRefusal {
  readonly code: 'request_malformed';
  readonly faults: readonly DocumentFault[];
}

/** Reads a document of plans and calls; refused with every fault and its JSON path. Never throws. */
export function parseDocument(text: string): Result<PriceDocument, DocumentRefusal> {
  const read = parseBy(priceDocument, text);
  if (!read.ok) return read;
  const faults = [...faultsOfMade(read.value, 'plans'), ...faultsOfMade(read.value, 'retailPlans')];
  return faults.length === 0 ? read : refuse({ code: 'request_malformed', faults });
}

function faultsOfMade(document: PriceDocument, list: 'plans' | 'retailPlans'): DocumentFault[] {
  return document[list].flatMap((plan, at) => (isMade(plan) ? makingFaults(document, plan) : [])
    .map(({ carrier, message }) => ({ path: pathText([list, at, 'madeFrom', 'carriers', carrier]), message })));
}

/** Reads a JSON document by a schema; refused with every fault and its JSON path. Never throws. */
export function parseBy<Schema extends z.ZodType>(schema: Schema, text: string): Result<z.output<Schema>, DocumentRefusal> {
  const json = jsonOf(text);
  if (!json.ok) return json;
  const read = schema.safeParse(json.value, { error: plainMessage });
  return read.success ? ok(read.data) : refuse({ code: 'request_malformed', faults: read.error.issues.flatMap((issue) => faultsOf(issue, [])) });
}

function jsonOf(text: string): Result<unknown, DocumentRefusal> {
  try {
    const value: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return ok(value);
  } catch (error) {
    return refuse({ code: 'request_malformed', faults: [{ path: '$', message: `is no JSON: ${error instanceof Error ? error.message : String(error)}` }] });
  }
}

/** Of a value that may have several forms, what is wrong with the form that it comes closest to. */
function faultsOf(issue: z.core.$ZodIssue, above: readonly PropertyKey[]): DocumentFault[] {
  const path = [...above, ...issue.path];
  if (issue.code === 'invalid_union') {
    const near = issue.errors.find((issues) => !issues.some((each) => each.code === 'invalid_type' && each.path.length === 0));
    if (near !== undefined) return near.flatMap((each) => faultsOf(each, path));
  }
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => ({ path: pathText([...path, key]), message: 'is no field that is known here' }));
  return [{ path: pathText(path), message: issue.message }];
}

/** A JSON path (RFC 9535). */
export function pathText(path: readonly PropertyKey[]): string {
  const parts = path.map((part) => (typeof part === 'number' ? `[${part}]` : /^[A-Za-z_$][\w$]*$/.test(String(part)) ? `.${String(part)}` : `[${JSON.stringify(String(part))}]`));
  return `$${parts.join('')}`;
}
