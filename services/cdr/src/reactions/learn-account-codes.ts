import { AccountOpenedSchema, dataOf, publicEvents } from '@tollwire/contracts';
import type { Reaction } from '@tollwire/event-store';

/** Remembers which account codes there are, so that a CDR can be told to be nobody's (`unassigned`). */
export function learnAccountCodes(): Reaction {
  return {
    name: 'learn-account-codes',
    events: [publicEvents.AccountOpened],
    handle: async (tx, events) => {
      const opened = events.map((event) => dataOf(AccountOpenedSchema, event));
      const rows = opened.flatMap(({ accountCodes, customerId }) => accountCodes.map((code) => ({ code, customerId })));
      // In one order for all instances. A code has one owner; card sees to that.
      rows.sort((a, b) => (a.code < b.code ? -1 : 1));
      await tx.query(
        'INSERT INTO account_code (account_code, customer_id) SELECT * FROM unnest($1::text[], $2::text[]) ON CONFLICT DO NOTHING',
        [rows.map((row) => row.code), rows.map((row) => row.customerId)],
      );
    },
  };
}
