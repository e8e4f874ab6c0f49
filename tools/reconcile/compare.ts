/** A call as one side has it; what both sides are held to. Instants are microseconds since 1970, 0 where it did not happen. */
export interface SideOfCall {
  readonly key: string;
  readonly startedAtUs: number;
  readonly answeredAtUs: number;
  readonly endedAtUs: number;
  readonly q850Cause: number;
}

/** One thing that the sides tell otherwise. Of times and seconds `by` is here less there. */
export interface Difference {
  readonly field: 'answered' | 'talkSec' | 'startedAt' | 'answeredAt' | 'endedAt' | 'q850Cause';
  readonly here: string | number | boolean;
  readonly there: string | number | boolean;
  /** In seconds. */
  readonly bySec?: number;
}

/** Seconds of conversation. */
export function talkSecOf({ answeredAtUs, endedAtUs }: Pick<SideOfCall, 'answeredAtUs' | 'endedAtUs'>): number {
  return answeredAtUs === 0 || endedAtUs === 0 ? 0 : (endedAtUs - answeredAtUs) / 1_000_000;
}

/**
 * What the two sides of one call tell otherwise. Times and seconds may differ by up to `toleranceSec`, because switches
 * write whole seconds; whether it was answered and why it ended may not.
 */
export function differences(here: SideOfCall, there: SideOfCall, toleranceSec: number): Difference[] {
  const isAnswered = { here: here.answeredAtUs !== 0, there: there.answeredAtUs !== 0 };
  const found: Difference[] = isAnswered.here === isAnswered.there ? [] : [{ field: 'answered', ...isAnswered }];
  const [talkHere, talkThere] = [talkSecOf(here), talkSecOf(there)];
  if (isBeyond(talkHere - talkThere, toleranceSec)) found.push({ field: 'talkSec', here: talkHere, there: talkThere, bySec: rounded(talkHere - talkThere) });
  for (const field of ['startedAt', 'answeredAt', 'endedAt'] as const) {
    const [hereUs, thereUs] = [here[`${field}Us`], there[`${field}Us`]];
    const bySec = (hereUs - thereUs) / 1_000_000;
    // That one side has no answer is said once, as `answered`.
    if (hereUs !== 0 && thereUs !== 0 && isBeyond(bySec, toleranceSec)) found.push({ field, here: isoOf(hereUs), there: isoOf(thereUs), bySec: rounded(bySec) });
  }
  if (here.q850Cause !== there.q850Cause) found.push({ field: 'q850Cause', here: here.q850Cause, there: there.q850Cause });
  return found;
}

function isBeyond(bySec: number, toleranceSec: number): boolean {
  return Math.abs(bySec) > toleranceSec;
}

function rounded(sec: number): number {
  return Math.round(sec * 1_000) / 1_000;
}

export function isoOf(us: number): string {
  return us === 0 ? '' : new Date(us / 1_000).toISOString();
}
