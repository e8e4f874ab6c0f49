import type { Clock } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { dayOf } from '../numbers/number-keys.ts';
import type { CallRow } from './call-row.ts';

/** Calls that go row by row, not with their partition: recorded before there were partitions, or told when their time was over. */
export const unfiled = -1;

const makeSql = 'SELECT make_call_partitions($1::int[], $2) AS there';
/** Events first, as who makes partitions locks them: who waits for one table holds none that the other waits for. */
const strayDaysSql = 'SELECT filed_day AS day FROM call_event_default UNION SELECT filed_day FROM call_default';

/** Where calls are kept for longer than this, or for good, a partition has four weeks, so that searches look into few; else one, so that calls go soon. */
const daysOfWeeklyMax = 400;

/** The Monday on or before a day: a partition has one whole week, or four. */
export function weekOf(day: number): number {
  return day === unfiled ? unfiled : day - ((day + 3) % 7);
}

/** The days of one week, both included; or the one day of what is filed under none. */
export interface Week {
  readonly firstDay: number;
  readonly lastDay: number;
}

export function weekFrom(firstDay: number): Week {
  return { firstDay, lastDay: firstDay === unfiled ? unfiled : firstDay + 6 };
}

/**
 * The week is said in the text, not by a parameter: so a plan that is kept for long knows one partition, and costs the same
 * however many there are.
 */
export function inWeek({ firstDay, lastDay }: Week): string {
  return `c.filed_day BETWEEN ${firstDay} AND ${lastDay}`;
}

/**
 * Says under which day each new call is filed, and sees to it that there is a partition for it. The day is that of the
 * start as it was first told; a start that is corrected later leaves it as it is, so that no call ever moves.
 */
export class CallFiling {
  readonly #clock: Clock;
  readonly #keptDays: number;
  /** Weeks that have a partition for certain: it was there before this instance asked for it. */
  readonly #there = new Set<number>();

  constructor(clock: Clock, keptDays: number) {
    this.#clock = clock;
    this.#keptDays = keptDays;
  }

  /** The first day of the oldest week that is kept. What was set up before gets no partition, because it would be dropped at once. */
  firstKeptDay(): number {
    return this.#keptDays === 0 ? 0 : weekOf(dayOf(this.#clock.nowUs()) - this.#keptDays);
  }

  /** The days under which calls are filed. Makes the partitions that are missing, in `tx`; where that would have to wait too long, calls go into the default one. */
  async daysOf(tx: Sql, calls: readonly { readonly row: Pick<CallRow, 'started_at_us'> }[]): Promise<number[]> {
    const firstDay = this.firstKeptDay();
    const days = calls.map(({ row }) => dayOf(row.started_at_us)).map((day) => (day < firstDay ? unfiled : day));
    const strange = new Set(days.filter((day) => day !== unfiled && !this.#there.has(weekOf(day))));
    if (strange.size > 0) await this.#make(tx, [...strange]);
    return days;
  }

  /** Makes the partitions of this week and the next, and of whatever lies in the default ones. */
  async makeAhead(sql: Sql): Promise<void> {
    const today = dayOf(this.#clock.nowUs());
    const strays = await sql.query<{ day: number }>(strayDaysSql);
    await this.#make(sql, [today, today + 7, ...strays.map(({ day }) => day)]);
  }

  async #make(sql: Sql, days: readonly number[]): Promise<void> {
    const weeks = this.#keptDays === 0 || this.#keptDays > daysOfWeeklyMax ? 4 : 1;
    const [made] = await sql.query<{ there: number[] }>(makeSql, [days, weeks]);
    for (const day of made?.there ?? []) this.#there.add(weekOf(day));
  }
}
