import { publicEvents } from '@tollwire/contracts';
import type { Reaction } from '../index.ts';

export const effectTable = 'CREATE TABLE effect (reaction text, key text, times int NOT NULL, PRIMARY KEY (reaction, key))';

/** A reaction whose effect is a count for each event, so that once too often shows. */
export const effectReaction: Reaction = {
  name: 'effect',
  events: [publicEvents.CardDeactivated],
  async handle(tx, events) {
    await tx.query(
      `INSERT INTO effect SELECT $1, key, 1 FROM unnest($2::text[]) AS k (key)
       ON CONFLICT (reaction, key) DO UPDATE SET times = effect.times + 1`,
      ['effect', events.map(({ key }) => key)],
    );
  },
};
