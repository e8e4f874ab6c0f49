import { describe, expect, it } from '@jest/globals';
import { atOnce } from './at-once.ts';

describe('one statement of several', () => {
  it('numbers the parameters of its parts one after the other, and those of the answer last', () => {
    const parts = [
      { name: 'saved', text: ' UPDATE a SET x = $2 WHERE id = $1 RETURNING id ', paramCount: 2 },
      { name: 'told', text: 'INSERT INTO b SELECT $1, $10', paramCount: 10 },
      { name: 'marked', text: 'INSERT INTO c SELECT id FROM saved', paramCount: 0 },
    ];
    expect(atOnce(parts, 'SELECT $1')).toBe(
      'WITH saved AS (UPDATE a SET x = $2 WHERE id = $1 RETURNING id),\ntold AS (INSERT INTO b SELECT $3, $12),\nmarked AS (INSERT INTO c SELECT id FROM saved)\nSELECT $13',
    );
  });
});
