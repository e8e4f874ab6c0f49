import type { Sql } from '@tollwire/event-store';
import { webhookSignature } from '@tollwire/platform/webhook-signature';
import type { CdrDeps } from '../cdr.deps.ts';

/** A notice that is due, with where it goes. */
interface DueNotice {
  readonly id: string;
  readonly body: string;
  readonly tries: number;
  readonly webhook_url: string;
  readonly webhook_secret: string;
}

const BATCH_MAX = 20;
const TIMEOUT_MS = 10_000;
/** A notice that was taken and of which nothing more was heard is taken again after this. */
const LEASE_US = 60_000_000;
/** The first wait; each is twice the one before, up to the longest. Twelve tries take about five hours. */
const WAIT_US = 10_000_000;
const WAIT_US_MAX = 3_600_000_000;
const TRIES_MAX = 12;

const takeSql = `
  UPDATE alarm_notice n SET tries = n.tries + 1, try_at_us = $1::bigint + ${LEASE_US}
  FROM alarm a
  WHERE a.id = n.alarm_id AND a.webhook_url IS NOT NULL AND n.id IN (
    SELECT id FROM alarm_notice WHERE state = 'waiting' AND try_at_us <= $1 ORDER BY try_at_us LIMIT ${BATCH_MAX} FOR UPDATE SKIP LOCKED)
  RETURNING n.id::text, n.body, n.tries, a.webhook_url, a.webhook_secret`;

const sentSql = `UPDATE alarm_notice SET state = 'sent', problem = '' WHERE id = $1`;
const failedSql = `UPDATE alarm_notice SET state = $2, try_at_us = $3, problem = $4 WHERE id = $1`;

/** How long to wait after so many tries, in microseconds. */
export function waitUs(tries: number): number {
  return Math.min(WAIT_US * 2 ** (tries - 1), WAIT_US_MAX);
}

/**
 * Sends the notices that are due to their webhooks, each until it is taken (a status of 2xx) or was tried twelve times. A
 * notice may come twice, where an answer was lost: the id in the body tells a repeat; never to another place: a redirection is not followed.
 */
export async function sendNotices({ database, clock }: Pick<CdrDeps, 'database' | 'clock'>): Promise<void> {
  const due = await database.query<DueNotice>(takeSql, [clock.nowUs()]);
  await Promise.all(due.map((notice) => sent(database, notice, clock.nowUs())));
}

async function sent(sql: Sql, notice: DueNotice, nowUs: number): Promise<void> {
  const problem = await problemOf(notice, Math.floor(nowUs / 1_000_000));
  if (problem === undefined) await sql.query(sentSql, [notice.id]);
  else await sql.query(failedSql, [notice.id, notice.tries < TRIES_MAX ? 'waiting' : 'gave_up', nowUs + waitUs(notice.tries), problem.slice(0, 255)]);
}

async function problemOf({ body, webhook_url: url, webhook_secret: secret }: DueNotice, atSec: number): Promise<string | undefined> {
  try {
    const headers = { 'content-type': 'application/json', 'tollwire-signature': webhookSignature(secret, atSec, body) };
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
    await response.body?.cancel();
    return response.ok ? undefined : `answered ${response.status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
