import { accept, type Decider, type InstantUs, unreachable } from '@tollwire/core';
import type { NormalizeOptions } from '@tollwire/telecom';

/** Where numbers come from: a switch, or one trunk of it. An empty trunk is the switch with all trunks that have no rules of their own. */
export interface NumberSource {
  readonly switchId: string;
  readonly trunk: string;
}

export type NumberRulesCommand =
  | ({ readonly type: 'SetRules'; readonly rules: NormalizeOptions; readonly by: string; readonly at: InstantUs } & NumberSource)
  | { readonly type: 'DropRules'; readonly by: string; readonly at: InstantUs };

export type NumberRulesEvent =
  | ({ readonly type: 'NumberRulesSet'; readonly rules: NormalizeOptions; readonly by: string; readonly at: InstantUs } & NumberSource)
  | ({ readonly type: 'NumberRulesDropped'; readonly by: string; readonly at: InstantUs } & NumberSource);

type Kept = NumberSource & { readonly rules: NormalizeOptions };

/** How the numbers of a switch or trunk are dialled, as one stream: set as a whole, dropped for good; the same again is no event. */
export const numberRules: Decider<Kept | null, NumberRulesCommand, NumberRulesEvent, never> = {
  name: 'number-rules',
  initial: null,

  decide(command, kept) {
    switch (command.type) {
      case 'SetRules': {
        const { type: _, ...said } = command;
        return kept !== null && sameRules(kept.rules, said.rules) ? accept() : accept<NumberRulesEvent>({ type: 'NumberRulesSet', ...said });
      }
      case 'DropRules':
        return kept === null ? accept() : accept<NumberRulesEvent>({ type: 'NumberRulesDropped', switchId: kept.switchId, trunk: kept.trunk, by: command.by, at: command.at });
      default:
        return unreachable(command);
    }
  },

  evolve(_kept, event) {
    switch (event.type) {
      case 'NumberRulesSet':
        return { switchId: event.switchId, trunk: event.trunk, rules: event.rules };
      case 'NumberRulesDropped':
        return null;
      default:
        return unreachable(event);
    }
  },
};

function sameRules(one: NormalizeOptions, other: NormalizeOptions): boolean {
  const texts = (list: readonly (string | number)[] | undefined) => (list === undefined ? '' : list.join(','));
  const told = ({ internationalPrefixes, technicalPrefixes, country }: NormalizeOptions) =>
    [texts(internationalPrefixes), texts(technicalPrefixes), country?.callingCode, country?.trunkPrefix, texts(country?.nationalLengths)].join('|');
  return told(one) === told(other);
}
