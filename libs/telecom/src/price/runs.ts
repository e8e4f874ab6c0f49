import { assert } from '@tollwire/core';
import type { Segment, Step } from './schedule.ts';

/**
 * Walks the seconds that a call is billed for, in runs of one rate each: as many runs as there are steps and windows,
 * however long the call is.
 *
 * An increment is charged whole once it has begun, by the rate in force when it began; so a window that begins within
 * an increment counts from the next one on. Increments count from where their step began: a window whose increments are
 * of another length goes on with what is left of the one that is under way by its own count.
 */
export class Runs {
  readonly #segments: readonly Segment[];
  readonly #durationSec: number;
  #segmentAt = 0;
  #billedSec = 0;
  /** What the present run is charged by, where it begins, and how long it is. */
  segment: Segment;
  step: Step;
  fromSec = 0;
  lengthSec = 0;

  constructor(segments: readonly Segment[], durationSec: number) {
    const segment = segments[0];
    const step = segment?.steps[0];
    assert(segment !== undefined && step !== undefined, 'a schedule has a segment, and a segment has a step');
    this.#segments = segments;
    this.#durationSec = durationSec;
    this.segment = segment;
    this.step = step;
  }

  /** Seconds billed so far; after the last run, of the whole call. */
  get billedSec(): number {
    return this.#billedSec;
  }

  /** Whether the run begins where its step does, so that the step's entry fee is due. */
  get entersStep(): boolean {
    return this.fromSec === this.step.fromSec;
  }

  /** Goes to the next run; false where there is none. */
  next(): boolean {
    const from = this.#billedSec;
    if (from >= this.#durationSec) return false;
    const segmentEnd = this.#enterSegment(from);
    const stepEnd = this.#enterStep(from);
    const begun = Math.min(segmentEnd, stepEnd, this.#durationSec);
    const { fromSec, incrementSec } = this.step;
    const end = Math.min(fromSec + Math.ceil((begun - fromSec) / incrementSec) * incrementSec, stepEnd);
    this.fromSec = from;
    this.lengthSec = end - from;
    this.#billedSec = end;
    return true;
  }

  #enterSegment(at: number): number {
    let next = this.#segments[this.#segmentAt + 1];
    while (next !== undefined && next.fromSec <= at) {
      this.#segmentAt += 1;
      this.segment = next;
      next = this.#segments[this.#segmentAt + 1];
    }
    return next?.fromSec ?? Infinity;
  }

  #enterStep(at: number): number {
    const { steps } = this.segment;
    let end = Infinity;
    for (let index = steps.length - 1; index >= 0; index -= 1) {
      const step = steps[index];
      if (step === undefined) continue;
      this.step = step;
      if (step.fromSec <= at) return end;
      end = step.fromSec;
    }
    return end;
  }
}
