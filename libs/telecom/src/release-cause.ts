/** Asterisk's CDR dispositions and DIALSTATUS values, spaces and underscores left out. */
const DISPOSITIONS: Readonly<Record<string, number>> = {
  ANSWER: 16,
  ANSWERED: 16,
  BUSY: 17,
  NOANSWER: 19,
  CANCEL: 21,
  CANCELLED: 21,
  DONTCALL: 21,
  TORTURE: 21,
  INVALIDARGS: 28,
  CONGESTION: 34,
  FAILED: 41,
  CHANUNAVAIL: 47,
};

/** The Q.850 cause of an Asterisk disposition (`NO ANSWER`) or DIALSTATUS (`NOANSWER`); undefined where there is none. */
export function q850OfDisposition(disposition: string): number | undefined {
  const name = disposition.toUpperCase().replace(/[\s_-]/g, '');
  return Object.hasOwn(DISPOSITIONS, name) ? DISPOSITIONS[name] : undefined;
}

/**
 * SIP status to cause by RFC 3398 §8.2.6.1. Where it leaves the choice open: 487 is the caller's own clearing (16),
 * 488 and 606 are incompatible media (88).
 */
const SIP: Readonly<Record<number, number>> = {
  400: 41, 401: 21, 402: 21, 403: 21, 404: 1, 405: 63, 406: 79, 407: 21, 408: 102, 410: 22, 413: 127, 414: 127,
  415: 79, 416: 127, 420: 127, 421: 127, 423: 127, 480: 18, 481: 41, 482: 25, 483: 25, 484: 28, 485: 1, 486: 17,
  487: 16, 488: 88,
  500: 41, 501: 79, 502: 38, 503: 41, 504: 102, 505: 127, 513: 127,
  600: 17, 603: 21, 604: 1, 606: 88,
};

/**
 * The Q.850 cause of a SIP final status. A status that has none of its own is read as the x00 of its class
 * (RFC 3261 §8.1.3.2); success is normal clearing, a redirection "redirection to new destination".
 * Undefined for what is no final status.
 */
export function q850OfSip(status: number): number | undefined {
  if (!Number.isInteger(status) || status < 200 || status > 699) return undefined;
  if (status < 300) return 16;
  if (status < 400) return 23;
  return SIP[status] ?? SIP[Math.floor(status / 100) * 100];
}
