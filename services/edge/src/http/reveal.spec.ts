import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { z } from 'zod';
import { Refused } from './refused.ts';
import { maskedSteps, revealTo } from './reveal.ts';

const roleOf = z.enum(['switch', 'reseller', 'operator', 'admin']);
const scopeOf = z.enum(['one', 'any']);

describe('whole numbers', () => {
  it('are shown to roles that may see them, of so many calls at once', () => {
    const rows = table<'role' | 'scope' | 'shown'>(`
      role     | scope | shown
      switch   | one   | no
      switch   | any   | no
      reseller | one   | no
      operator | one   | yes
      operator | any   | no
      admin    | one   | yes
      admin    | any   | yes
    `);
    const shownTo = (role: string, scope: string) => {
      try {
        const asked = revealTo({ keyId: 'k', name: 'ann', role: roleOf.parse(role), resellerId: 0 }, 'a complaint', scopeOf.parse(scope));
        return asked.reveal?.by === `${role}:ann` && asked.reveal.reason === 'a complaint' ? 'yes' : 'odd';
      } catch (error) {
        return error instanceof Refused && error.refusal.code === 'not_permitted' ? 'no' : 'odd';
      }
    };
    expect(rows.map(({ role, scope }) => ({ role, scope, shown: shownTo(role, scope) }))).toEqual(rows);
  });

  it('are asked for by nobody who gives no reason', () => {
    expect(revealTo({ keyId: 'k', name: 'ann', role: 'switch', resellerId: 0 }, undefined, 'any')).toEqual({});
  });

  it('are masked in sentences, too', () => {
    expect(maskedSteps(['436641234567 matches prefix 43664', '36 s'], '436641234567')).toEqual(['436641****** matches prefix 43664', '36 s']);
    expect(maskedSteps(['a'], '')).toEqual(['a']);
  });
});
