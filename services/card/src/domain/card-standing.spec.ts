import { describe, expect, it } from '@jest/globals';
import { instant, table } from '@tollwire/testing';
import { refusalOfCard, statusAt } from './card-standing.ts';

const instantOf = (text: string) => (text === '' ? null : instant(text));

describe('how a card stands', () => {
  it('follows from its flags and from time, to the instant', () => {
    const rows = table<'activated' | 'deactivated' | 'expires' | 'at' | 'status'>(`
      activated | deactivated          | expires              | at                       | status
      no        | -                    | -                    | 2024-01-01T00:00:00Z     | not_activated
      yes       | -                    | -                    | 2099-01-01T00:00:00Z     | active
      yes       | -                    | 2024-01-31T23:59:59Z | 2024-01-31T23:59:58.999Z | active
      yes       | -                    | 2024-01-31T23:59:59Z | 2024-01-31T23:59:59Z     | card_expired
      yes       | -                    | 2024-01-31T23:59:59Z | 2024-02-01T00:00:00Z     | card_expired
      yes       | 2024-05-01T10:00:00Z | -                    | 2024-05-01T09:59:59Z     | active
      yes       | 2024-05-01T10:00:00Z | -                    | 2024-05-01T10:00:00Z     | card_deactivated
      no        | 2024-05-01T10:00:00Z | -                    | 2024-05-01T10:00:00Z     | card_deactivated
      yes       | 2024-05-01T10:00:00Z | 2024-01-31T23:59:59Z | 2024-06-01T00:00:00Z     | card_deactivated
    `);
    for (const row of rows) {
      const card = { activated: row.activated === 'yes', deactivatedAt: instantOf(row.deactivated), expiresAt: instantOf(row.expires) };
      expect({ ...row, status: statusAt(card, instant(row.at)) }).toEqual(row);
    }
  });

  it('CARD-07: refuses with its own code and the instant', () => {
    const expiresAt = instant('2024-01-31T23:59:59Z');
    const card = { activated: true, deactivatedAt: null, expiresAt };
    expect(refusalOfCard(card, instant('2024-02-01T00:00:00Z'))).toEqual({ code: 'card_expired', facts: { sinceUs: String(expiresAt) } });
    expect(refusalOfCard({ ...card, deactivatedAt: expiresAt }, expiresAt)).toEqual({ code: 'card_deactivated', facts: { sinceUs: String(expiresAt) } });
    expect(refusalOfCard({ ...card, activated: false }, expiresAt)).toEqual({ code: 'not_activated' });
    expect(refusalOfCard({ ...card, expiresAt: null }, expiresAt)).toBeNull();
  });
});
