import { describe, expect, it } from '@jest/globals';
import { instant, table } from '@tollwire/testing';
import { type CardStanding, refusalOfCard, statusAt } from './card-standing.ts';

const plain = { activatesOnUse: false, suspension: null };
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
      const card = { ...plain, activated: row.activated === 'yes', deactivatedAt: instantOf(row.deactivated), expiresAt: instantOf(row.expires) };
      expect({ ...row, status: statusAt(card, instant(row.at)) }).toEqual(row);
    }
  });

  it('CARD-07: refuses with its own code and the instant', () => {
    const expiresAt = instant('2024-01-31T23:59:59Z');
    const card = { ...plain, activated: true, deactivatedAt: null, expiresAt };
    expect(refusalOfCard(card, instant('2024-02-01T00:00:00Z'))).toEqual({ code: 'card_expired', facts: { sinceUs: String(expiresAt) } });
    expect(refusalOfCard({ ...card, deactivatedAt: expiresAt }, expiresAt)).toEqual({ code: 'card_deactivated', facts: { sinceUs: String(expiresAt) } });
    expect(refusalOfCard({ ...card, activated: false, expiresAt: null }, expiresAt)).toEqual({ code: 'not_activated' });
    expect(refusalOfCard({ ...card, expiresAt: null }, expiresAt)).toBeNull();
  });

  it('CARD-11: refuses each status with a code of its own', () => {
    const at = instant('2024-02-01T00:00:00Z');
    const card = { ...plain, activated: true, deactivatedAt: null, expiresAt: null };
    const rows = table<'status' | 'code'>(`
      status               | code
      CANCELLED            | card_deactivated
      SUSPENDED_UNPAID     | card_suspended_unpaid
      SUSPENDED_LITIGATION | card_suspended_litigation
      SUSPENDED            | card_suspended
      EXPIRED              | card_expired
      NEW                  | not_activated
    `);
    const cards: Record<string, CardStanding> = {
      CANCELLED: { ...card, deactivatedAt: at },
      SUSPENDED_UNPAID: { ...card, suspension: 'unpaid' },
      SUSPENDED_LITIGATION: { ...card, suspension: 'litigation' },
      SUSPENDED: { ...card, suspension: 'other' },
      EXPIRED: { ...card, expiresAt: at },
      NEW: { ...card, activated: false },
    };
    for (const { status, code } of rows) expect([status, refusalOfCard(cards[status] ?? card, at)?.code]).toEqual([status, code]);
    expect(new Set(rows.map(({ code }) => code)).size).toBe(rows.length);
  });

  it('CARD-05: lets a card call that its first call activates, until its end or as long as nobody stops it', () => {
    const at = instant('2024-02-01T00:00:00Z');
    const fresh: CardStanding = { activated: false, activatesOnUse: true, suspension: null, deactivatedAt: null, expiresAt: null };
    expect(statusAt(fresh, at)).toBe('active');
    expect(statusAt({ ...fresh, expiresAt: at }, at)).toBe('card_expired');
    expect(statusAt({ ...fresh, suspension: 'unpaid', expiresAt: at }, at)).toBe('card_suspended_unpaid');
    expect(statusAt({ ...fresh, suspension: 'unpaid', deactivatedAt: at }, at)).toBe('card_deactivated');
  });
});
