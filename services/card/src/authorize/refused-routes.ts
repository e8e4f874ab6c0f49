import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf';
import { type CodedRefusal, refusals, RouteDecidedSchema, type RouteResult } from '@tollwire/contracts';
import type { InstantUs } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { microBatch, UnderWay } from '@tollwire/messaging';
import { keyOfParty } from '../wire/party.ts';
import { refusalMessageOf } from '../wire/refusal.ts';
import type { Asked } from './asked.ts';
import type { Sell } from './prices.ts';

/** Calls that are written in one statement, and that may wait to be written. */
const writtenMax = 500;
const waitingMax = 10_000;

const upsert = `
  INSERT INTO refused_route AS r (call_key, refused_at_us, payer, code, decision)
  SELECT * FROM unnest($1::text[], $2::bigint[], $3::text[], $4::text[], $5::bytea[]) AS u (call_key, at_us, payer, code, decision) ORDER BY call_key
  ON CONFLICT (call_key) DO UPDATE SET refused_at_us = excluded.refused_at_us, payer = excluded.payer, code = excluded.code, decision = excluded.decision
  WHERE r.refused_at_us <= excluded.refused_at_us`;

/** How far a call came that was not let through: what it would have sold for, and what was decided of its carriers. */
export interface Decided {
  readonly sell?: Sell;
  readonly route?: RouteResult;
}

interface RefusedRoute {
  readonly callKey: string;
  readonly at: InstantUs;
  readonly payer: string;
  readonly code: string;
  readonly decision: Uint8Array;
}

/**
 * Keeps how calls were decided that were not let through, the last refusal of each call. It is written behind the answer, by statements of their own:
 * no call that is let through waits for it, nor is a refusal withheld where it cannot be kept. What nobody could write is told of, and lost.
 */
export class RefusedRoutes {
  readonly #write: (refused: RefusedRoute) => Promise<void>;
  readonly #onLost: (error: unknown) => void;
  readonly #waiting = new UnderWay();

  constructor(sql: Pick<Sql, 'query'>, onLost: (error: unknown) => void) {
    this.#write = microBatch((refused: readonly RefusedRoute[]) => written(sql, refused), { itemsMax: writtenMax });
    this.#onLost = onLost;
  }

  /** Returns at once. A service that did not answer decided nothing of the call, so nothing is kept. */
  keep(asked: Asked, refusal: CodedRefusal, decided: Decided, at: InstantUs): void {
    if (refusals[refusal.code].status >= 500) return;
    if (this.#waiting.count >= waitingMax) return this.#onLost(new Error(`${waitingMax} refused calls wait to be written`));
    const decision = toBinary(RouteDecidedSchema, create(RouteDecidedSchema, decisionOf(asked, refusal, decided, at)));
    this.#waiting.add(this.#write({ callKey: asked.callKey, at, payer: keyOfParty(asked.party), code: refusal.code, decision }).catch(this.#onLost));
  }

  /** Resolves when nothing waits to be written. */
  async written(): Promise<void> {
    await this.#waiting.idle();
  }
}

async function written(sql: Pick<Sql, 'query'>, refused: readonly RefusedRoute[]): Promise<void[]> {
  const last = [...new Map(refused.map((each) => [each.callKey, each])).values()];
  const column = <Name extends keyof RefusedRoute>(name: Name) => last.map((each) => each[name]);
  await sql.query(upsert, [column('callKey'), column('at'), column('payer'), column('code'), column('decision')]);
  return refused.map(() => undefined);
}

function decisionOf({ e164, routedBy }: Asked, refusal: CodedRefusal, { sell, route }: Decided, at: InstantUs): MessageInitShape<typeof RouteDecidedSchema> {
  return {
    decidedAtUs: BigInt(at),
    calledE164: e164,
    routedBy: routedBy ?? '',
    sellPrefix: sell?.prefix ?? '',
    sellRatePerMinNanos: sell?.ratePerMinNanos ?? 0n,
    carriers: route?.carriers ?? [],
    excluded: route?.excluded ?? [],
    refusal: refusalMessageOf(refusal),
  };
}
