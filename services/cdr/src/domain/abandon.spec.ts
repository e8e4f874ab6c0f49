import { describe, expect, it } from '@jest/globals';
import { table } from '@tollwire/testing';
import { abandonedBy, abandonedByRestart } from './abandon.ts';
import { abandoned, answered, atSec, ended, permutations, rated, ringing, started, theCall } from './call.fixtures.ts';
import { type CallEvent, evolve, untold } from './call.ts';
import { abandonmentOf, cdrOf } from './cdr.ts';

const rules = { silenceSecMax: 600, callSecMax: 7_800 };

describe('a call whose end does not come', () => {
  it('is closed by the rule that falls due, at its instant and not before', () => {
    const rows = table<'answer' | 'now' | 'reason' | 'at'>(`
      answer | now  | reason       | at
      -      | 599  | -            | -
      -      | 600  | silence      | 600
      -      | 9000 | silence      | 600
      5      | 600  | -            | -
      5      | 7799 | -            | -
      5      | 7800 | max_duration | 7800
      5      | 9000 | max_duration | 7800
    `);
    for (const { answer, now, reason, at } of rows) {
      const call = { startedAtUs: atSec(0), answeredAtUs: answer === '' ? (0 as const) : atSec(Number(answer)) };
      const found = abandonedBy(call, rules, atSec(Number(now)));
      expect({ answer, now, found }).toEqual({ answer, now, found: reason === '' ? undefined : { reason, abandonedAtUs: atSec(Number(at)) } });
    }
  });

  it('is lost with its switch when it was set up before the restart', () => {
    const call = { startedAtUs: atSec(10), answeredAtUs: 0 as const };
    expect(abandonedByRestart(call, atSec(10))).toBeUndefined();
    expect(abandonedByRestart(call, atSec(11))).toEqual({ reason: 'switch_restarted', abandonedAtUs: atSec(11) });
  });

  it('is flagged, and corrected by its late end', () => {
    const events: Record<string, CallEvent> = { S: started, I: ringing, A: answered, E: ended, R: rated, X: abandoned };
    const rows = table<'told' | 'status' | 'flags' | 'cause' | 'by'>(`
      told  | status    | flags               | cause | by
      SX    | abandoned | no_end              | 102   | max_duration
      SIX   | abandoned | no_end              | 102   | max_duration
      SAX   | abandoned | no_end              | 102   | max_duration
      X     | abandoned | no_start,no_end     | 102   | max_duration
      SXA   | abandoned | no_end              | 102   | max_duration
      SXE   | ended     | late_end            | 16    | -
      SXER  | closed    | late_end            | 16    | -
      SXR   | ended     | no_end              | 16    | -
      XE    | ended     | no_start,late_end   | 16    | -
      SI    | ringing   | -                   | 0     | -
      I     | ringing   | no_start            | 0     | -
      SIA   | answered  | -                   | 0     | -
      SIAER | closed    | -                   | 16    | -
    `);
    for (const { told, status, flags, cause, by } of rows) {
      for (const order of permutations(told.split(''))) {
        const record = order.flatMap((letter) => events[letter] ?? []).reduce(evolve, untold(theCall));
        const cdr = cdrOf(record);
        expect({ told, status: cdr.status, flags: cdr.flags.join(','), cause: `${cdr.q850Cause}`, by: abandonmentOf(record) ?? '' }).toEqual({ told, status, flags, cause, by });
      }
    }
  });

  it('by two rules is closed by the one that fell due first, which is no conflict', () => {
    const restarted: CallEvent = { ...abandoned, type: 'CallAbandoned', facts: { reason: 'switch_restarted', abandonedAtUs: atSec(90) } };
    for (const order of permutations([started, abandoned, restarted])) {
      const record = order.reduce(evolve, untold(theCall));
      expect({ by: record.abandoned, conflicts: record.conflicts, cause: cdrOf(record).q850Cause }).toEqual({ by: restarted.facts, conflicts: 0, cause: 41 });
    }
  });
});
