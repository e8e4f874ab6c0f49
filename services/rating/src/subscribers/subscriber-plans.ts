import type { Sql } from '@tollwire/event-store';
import type { Subscriber } from '../domain/rate-call.ts';

interface SubscriberRow {
  readonly party_key: string;
  readonly tariff_id: number | null;
  readonly voip_plan_id: number | null;
  readonly startpulse_sec: number;
  readonly frequency_sec: number;
  readonly incoming_leg: boolean;
}

const selectSubscribers = `
  select party_key, tariff_id, voip_plan_id, startpulse_sec, frequency_sec, incoming_leg
  from subscriber_plan where party_key = any($1::text[])`;

/**
 * Who pays by which plan, as the card service told it. What was read is kept in memory, the longest unused falling out
 * first; that somebody is not known is never kept, because their card may be told of in the next moment.
 */
export class SubscriberPlans {
  readonly #capacity: number;
  readonly #known = new Map<string, Subscriber>();
  /** One object for all who pay alike, by what they pay by. */
  readonly #alike = new Map<string, Subscriber>();

  constructor(capacity = 500_000) {
    this.#capacity = capacity;
  }

  /** How these parties pay, with at most one query; a party who is not known is not in the answer. */
  async of(sql: Sql, partyKeys: readonly string[]): Promise<Map<string, Subscriber>> {
    const found = new Map<string, Subscriber>();
    const missing = new Set<string>();
    for (const key of partyKeys) {
      const subscriber = this.#known.get(key);
      if (subscriber === undefined) missing.add(key);
      else if (!found.has(key)) this.#used(key, subscriber, found);
    }
    if (missing.size === 0) return found;
    for (const row of await sql.query<SubscriberRow>(selectSubscribers, [[...missing]])) {
      const subscriber = this.#interned(row);
      if (subscriber !== undefined) this.#used(row.party_key, subscriber, found);
    }
    return found;
  }

  #used(key: string, subscriber: Subscriber, found: Map<string, Subscriber>): void {
    found.set(key, subscriber);
    this.#known.delete(key);
    this.#known.set(key, subscriber);
    if (this.#known.size <= this.#capacity) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      return;
    }
  }

  #interned(row: SubscriberRow): Subscriber | undefined {
    const id = row.tariff_id ?? row.voip_plan_id;
    if (id === null) return undefined;
    const kind = row.tariff_id === null ? 'voip_plan' : 'tariff';
    const { startpulse_sec: startpulseSec, frequency_sec: frequencySec } = row;
    const policy = row.incoming_leg ? 'incoming_leg' : 'first_pulse';
    const key = `${kind}:${id}:${startpulseSec}:${frequencySec}:${policy}`;
    const subscriber: Subscriber = this.#alike.get(key) ?? { plan: { kind, id }, pulses: frequencySec === 0 ? undefined : { policy, startpulseSec, frequencySec } };
    this.#alike.set(key, subscriber);
    return subscriber;
  }
}
