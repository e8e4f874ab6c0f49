import { accept, type Decider, type Decision, type InstantUs, reject, unreachable } from '@tollwire/core';

/** The two lists: what is on the whitelist passes, whatever the blacklist says. */
export const listNames = ['blacklist', 'whitelist'] as const;
export type ListName = (typeof listNames)[number];

/** What an entry is made for: a prefix, or all the prefixes of a country. Both as text: digits, or a code of capitals. */
export interface ListSubject {
  readonly kind: 'prefix' | 'country';
  readonly value: string;
}

/** Who said so, and when. */
interface Said {
  readonly by: string;
  readonly at: InstantUs;
}

interface Entry {
  readonly list: ListName;
  readonly subject: ListSubject;
}

export type ListEntryCommand =
  /** `prefixes` is what it stands for: the prefix itself, or what covers the country. */
  | ({ readonly type: 'List'; readonly prefixes: readonly string[]; readonly reason: string } & Entry & Said)
  /** The number plan gives the country other prefixes now. */
  | ({ readonly type: 'Renew'; readonly prefixes: readonly string[] } & Said)
  | ({ readonly type: 'Delist' } & Said);

export type ListEntryEvent =
  | ({ readonly type: 'NumberListed'; readonly prefixes: readonly string[]; readonly reason: string } & Entry & Said)
  | ({ readonly type: 'CountryRenumbered'; readonly prefixes: readonly string[]; readonly reason: string } & Entry & Said)
  | ({ readonly type: 'NumberDelisted' } & Entry & Said);

export interface ListEntryRefusal {
  readonly code: 'unknown_list_entry';
}

export type ListEntryState =
  | { readonly status: 'unknown' }
  | ({ readonly status: 'listed'; readonly prefixes: readonly string[]; readonly reason: string } & Entry)
  | ({ readonly status: 'delisted' } & Entry);

/** One entry of a list as a stream: put on, taken off, put on again; each with who and when. Said twice it is one event. */
export const listEntry: Decider<ListEntryState, ListEntryCommand, ListEntryEvent, ListEntryRefusal> = {
  name: 'list-entry',
  initial: { status: 'unknown' },
  decide,
  evolve(_state, event) {
    switch (event.type) {
      case 'NumberListed':
      case 'CountryRenumbered':
        return { status: 'listed', list: event.list, subject: event.subject, prefixes: event.prefixes, reason: event.reason };
      case 'NumberDelisted':
        return { status: 'delisted', list: event.list, subject: event.subject };
      default:
        return unreachable(event);
    }
  },
};

function decide(command: ListEntryCommand, state: ListEntryState): Decision<ListEntryEvent, ListEntryRefusal> {
  const { by, at } = command;
  switch (command.type) {
    case 'List': {
      if (state.status === 'listed') return accept();
      const { list, subject, prefixes, reason } = command;
      return accept<ListEntryEvent>({ type: 'NumberListed', list, subject, prefixes, reason, by, at });
    }
    case 'Renew': {
      if (state.status !== 'listed' || state.prefixes.join() === command.prefixes.join()) return accept();
      const { list, subject, reason } = state;
      return accept<ListEntryEvent>({ type: 'CountryRenumbered', list, subject, prefixes: command.prefixes, reason, by, at });
    }
    case 'Delist':
      if (state.status === 'unknown') return reject({ code: 'unknown_list_entry' });
      return state.status === 'delisted' ? accept() : accept<ListEntryEvent>({ type: 'NumberDelisted', list: state.list, subject: state.subject, by, at });
    default:
      return unreachable(command);
  }
}
