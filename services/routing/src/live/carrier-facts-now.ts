import type { CarrierFacts } from '../domain/carrier-facts.ts';
import type { Carrier } from '../domain/carriers.ts';
import { hoursOf } from '../domain/provider-limits.ts';
import type { LiveFacts } from '../domain/route.ts';

const NO_FACTS: CarrierFacts = {};

/** What is agreed of carriers, made ready once for as long as they stay as they are. */
export class CarrierFactsNow implements LiveFacts {
  readonly #agreed: readonly CarrierFacts[];

  constructor(carriers: readonly Carrier[]) {
    this.#agreed = carriers.map(({ limits }) => (limits === undefined ? NO_FACTS : hoursOf(limits)));
  }

  of({ number }: Carrier): CarrierFacts {
    return this.#agreed[number] ?? NO_FACTS;
  }
}
