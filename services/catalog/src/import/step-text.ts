import { formatNanos, type Step } from '@tollwire/telecom';

const STEPS_MAX = 20;
const SEC_MAX = 86_400;
const INCREMENT_SEC_MAX = 3600;

/** Reads an amount of the file; undefined where it is none. */
export type AmountReader = (text: string) => bigint | undefined;

/**
 * The steps after a rate's own: `0.05@60/6` is 0.05 from the 60th second on, in increments of 6 seconds that count from there; a
 * fee on entering stands behind, `0.05@60/6+0.02`; several have spaces between. `rateOf` reads a rate as one per minute.
 * Undefined where the text says none, or the steps do not rise.
 */
export function stepsOfText(text: string, rateOf: AmountReader, feeOf: AmountReader): readonly Step[] | undefined {
  const words = text.split(/[\s;|]+/).filter((word) => word !== '');
  if (words.length > STEPS_MAX) return undefined;
  const steps: Step[] = [];
  for (const word of words) {
    const [, rate = '', from, increment, fee] = /^([\d.,]+)@(\d{1,5})\/(\d{1,4})(?:\+([\d.,]+))?$/.exec(word) ?? [];
    const [rateNanos, entryFeeNanos] = [rateOf(rate), fee === undefined ? 0n : feeOf(fee)];
    const [fromSec, incrementSec] = [Number(from), Number(increment)];
    if (rateNanos === undefined || entryFeeNanos === undefined || !(fromSec > (steps.at(-1)?.fromSec ?? 0)) || fromSec > SEC_MAX) return undefined;
    if (!(incrementSec >= 1 && incrementSec <= INCREMENT_SEC_MAX)) return undefined;
    steps.push({ fromSec, rateNanos, perSec: 60, incrementSec, entryFeeNanos });
  }
  return steps;
}

/** Steps as text that `stepsOfText` reads as the same; each has a rate per minute. */
export function stepsText(steps: readonly Step[]): string {
  return steps.map(({ fromSec, rateNanos, incrementSec, entryFeeNanos }) => {
    const fee = entryFeeNanos === 0n ? '' : `+${formatNanos(entryFeeNanos, 0)}`;
    return `${formatNanos(rateNanos, 0)}@${fromSec}/${incrementSec}${fee}`;
  }).join(' ');
}
