import { DeckKind as WireDeckKind, RoundingMode as WireRoundingMode } from '@tollwire/contracts';
import type { RoundingMode } from '@tollwire/telecom';
import type { DeckKind } from '../domain/rate-deck.ts';

const wireKinds: Readonly<Record<DeckKind, WireDeckKind>> = {
  tariff: WireDeckKind.TARIFF,
  retail: WireDeckKind.RETAIL,
  carrier: WireDeckKind.CARRIER,
};
const wireModes: Readonly<Record<RoundingMode, WireRoundingMode>> = {
  up: WireRoundingMode.UP,
  down: WireRoundingMode.DOWN,
  half_up: WireRoundingMode.HALF_UP,
};

export function wireKindOf(kind: DeckKind): WireDeckKind {
  return wireKinds[kind];
}

/** The kind that a message names, or undefined where it names none. */
export function deckKindOf(kind: WireDeckKind): DeckKind | undefined {
  return (['tariff', 'retail', 'carrier'] as const).find((each) => wireKinds[each] === kind);
}

export function wireRoundingModeOf(mode: RoundingMode): WireRoundingMode {
  return wireModes[mode];
}

/** The rounding that a message names, or undefined where it names none. */
export function roundingModeOf(mode: WireRoundingMode): RoundingMode | undefined {
  return (['up', 'down', 'half_up'] as const).find((each) => wireModes[each] === mode);
}
