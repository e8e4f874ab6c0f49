import { q850OfDisposition, q850OfSip } from '@tollwire/telecom';

/** Why an attempt over a carrier failed, as the switch told it: one of the three. */
export type AttemptCause = { readonly q850: number } | { readonly sip: number } | { readonly disposition: string };

/** Which causes go on to the next carrier. */
export interface FailoverPolicy {
  readonly q850: ReadonlySet<number>;
  /** SIP statuses that go on, or stop, whatever their Q.850 cause says. */
  readonly sip: ReadonlyMap<number, boolean>;
}

/**
 * The causes that say something of the carrier and nothing of the called party (ITU-T Q.850): no route, out of order,
 * congestion, resources and services that are missing, interworking. Busy, no answer, rejected and unallocated stop: another
 * carrier would ring the same telephone.
 */
export const FAILOVER: FailoverPolicy = {
  q850: new Set([2, 3, 25, 27, 34, 38, 39, 40, 41, 42, 43, 44, 46, 47, 49, 50, 52, 53, 57, 58, 63, 65, 66, 69, 70, 79, 88, 91, 95, 96, 97, 98, 99, 100, 101, 102, 111, 127]),
  sip: new Map([[403, true], [407, true], [408, true], [488, true], [606, true]]),
};

/** What a plan's policy says of it; what it does not say is as usual. */
export interface FailoverTerms {
  /** The causes that go on, in place of the usual ones. */
  readonly q850?: readonly number[];
  readonly sipGoesOn: readonly number[];
  readonly sipStops: readonly number[];
}

/** The usual policy with what is said otherwise; a status that is said both to go on and to stop stops. */
export function failoverBy({ q850, sipGoesOn, sipStops }: FailoverTerms): FailoverPolicy {
  const sip = new Map([...FAILOVER.sip, ...sipGoesOn.map((status) => [status, true] as const), ...sipStops.map((status) => [status, false] as const)]);
  return { q850: q850 === undefined ? FAILOVER.q850 : new Set(q850), sip };
}

/** Whether the call goes on to the next carrier. A cause that nobody knows stops: it may have reached the called party. */
export function goesOn(cause: AttemptCause, policy: FailoverPolicy = FAILOVER): boolean {
  if ('sip' in cause) {
    const told = policy.sip.get(cause.sip);
    if (told !== undefined) return told;
  }
  const q850 = 'q850' in cause ? cause.q850 : 'sip' in cause ? q850OfSip(cause.sip) : q850OfDisposition(cause.disposition);
  return q850 !== undefined && policy.q850.has(q850);
}
