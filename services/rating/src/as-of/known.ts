import type { Activation, DeckInForce, PlanFacts } from '@tollwire/rate-decks';

/** An activation with the instant at which it was recorded, which may be long after the one that it is valid from. */
export interface RecordedActivation {
  readonly activation: Activation;
  readonly recordedAtUs: number;
}

/**
 * What was known at an instant: the activations that had been recorded by then, each as if what was taken back later had
 * not been. A withdrawal is recorded when it takes effect.
 */
export function asKnownAt(history: readonly RecordedActivation[], knownAtUs: number): Activation[] {
  return history.flatMap(({ activation, recordedAtUs }) => {
    if (recordedAtUs > knownAtUs) return [];
    const { withdrawnAtUs } = activation;
    return [withdrawnAtUs === undefined || withdrawnAtUs <= knownAtUs ? activation : { ...activation, withdrawnAtUs: undefined }];
  });
}

/** What plans had been said to be by an instant. What carries no time was told before times were kept: it was always known. */
export function plansKnownAt({ voipPlans, sellTerms }: PlanFacts['planHistory'], knownAtUs: number): PlanFacts['planHistory'] {
  return {
    voipPlans: voipPlans.filter(({ composedAtUs }) => Number(composedAtUs) <= knownAtUs),
    sellTerms: sellTerms.filter(({ setAtUs }) => Number(setAtUs) <= knownAtUs),
  };
}

/** The exchange rates that had been recorded by an instant: without what was corrected later. */
export function exchangeKnownAt(rates: PlanFacts['exchangeRates'], knownAtUs: number): PlanFacts['exchangeRates'] {
  return rates.filter(({ recordedAtUs }) => Number(recordedAtUs) <= knownAtUs);
}

/** The versions that price any instant from one (inclusive) until another (exclusive). */
export function pricing(decks: readonly DeckInForce[], fromUs: number, untilUs: number): DeckInForce[] {
  return decks.filter((deck) => deck.validFromUs < untilUs && deck.validUntilUs > fromUs);
}
