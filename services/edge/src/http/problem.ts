import { type CodedRefusal, detailOf, type RefusalCode, refusals } from '@tollwire/contracts';

/** The content type of RFC 9457. */
export const problemContentType = 'application/problem+json';

/** Problem details (RFC 9457), with Tollwire's code, the field at fault and the facts as extension members. */
export interface Problem {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: RefusalCode;
  readonly detail: string;
  readonly field?: string;
  readonly facts?: Readonly<Record<string, string>>;
  readonly correlationId?: string;
}

/** The problem that a refusal is, by the one table of refusals. */
export function problemOf(refusal: CodedRefusal, extra: Readonly<Record<string, unknown>> = {}): Problem {
  const { status, title } = refusals[refusal.code];
  const { code, field, facts } = refusal;
  return {
    type: `urn:tollwire:refusal:${code}`,
    title,
    status,
    code,
    // Whoever reads it learns what to do next, also where the service had nothing of its own to say.
    detail: detailOf(refusal),
    ...(field === undefined || field === '' ? {} : { field }),
    ...(facts === undefined || Object.keys(facts).length === 0 ? {} : { facts }),
    ...extra,
  };
}

const codesOfStatus: Readonly<Record<number, RefusalCode>> = {
  400: 'request_malformed',
  401: 'unauthenticated',
  403: 'not_permitted',
  404: 'not_found',
  405: 'method_not_allowed',
  408: 'request_malformed',
  413: 'request_too_large',
  414: 'request_too_large',
  415: 'unsupported_media_type',
  429: 'rate_limited',
  431: 'request_too_large',
  503: 'service_unavailable',
};

/** The refusal behind an error that the HTTP framework raised with a status of its own; undefined for its bugs (5xx). */
export function refusalOfStatus(status: number, detail: string): CodedRefusal | undefined {
  const code = codesOfStatus[status] ?? (status >= 400 && status < 500 ? 'request_malformed' : undefined);
  return code === undefined ? undefined : { code, detail };
}
