import type { CdrDeps } from '../cdr.deps.ts';
import { noticeMail } from './notice-mail.ts';
import { sendWebhook } from './send-webhook.ts';

/** A notice that is due, with where it goes. */
interface DueNotice {
  readonly id: string;
  readonly body: string;
  readonly tries: number;
  readonly way: 'webhook' | 'email';
  readonly webhook_url: string | null;
  readonly webhook_secret: string | null;
  readonly email_to_send_alarm: string | null;
}

const BATCH_MAX = 20;
/** A notice that was taken and of which nothing more was heard is taken again after this. */
const LEASE_US = 60_000_000;
/** The first wait; each is twice the one before, up to the longest. Twelve tries take about five hours. */
const WAIT_US = 10_000_000;
const WAIT_US_MAX = 3_600_000_000;
const TRIES_MAX = 12;

const takeSql = `
  UPDATE alarm_notice n SET tries = n.tries + 1, try_at_us = $1::bigint + ${LEASE_US}
  FROM (SELECT d.id, coalesce(a.webhook_url, l.webhook_url) AS webhook_url, coalesce(a.webhook_secret, l.webhook_secret) AS webhook_secret,
      coalesce(a.email_to_send_alarm, l.email) AS email_to_send_alarm
    FROM alarm_notice d LEFT JOIN alarm a ON a.id = d.alarm_id LEFT JOIN list_notice l ON l.list = d.list
    WHERE d.state = 'waiting' AND d.try_at_us <= $1 ORDER BY d.try_at_us LIMIT ${BATCH_MAX} FOR UPDATE OF d SKIP LOCKED) t
  WHERE t.id = n.id
  RETURNING n.id::text, n.body, n.tries, n.way, t.webhook_url, t.webhook_secret, t.email_to_send_alarm`;

const sentSql = `UPDATE alarm_notice SET state = 'sent', problem = '' WHERE id = $1`;
const failedSql = `UPDATE alarm_notice SET state = $2, try_at_us = $3, problem = $4 WHERE id = $1`;

/** How long to wait after so many tries, in microseconds. */
export function waitUs(tries: number): number {
  return Math.min(WAIT_US * 2 ** (tries - 1), WAIT_US_MAX);
}

type NoticeDeps = Pick<CdrDeps, 'database' | 'clock' | 'mail' | 'allowsPrivateWebhooks'>;

/**
 * Sends the notices that are due, to webhooks and by e-mail, each until it is taken (a status of 2xx; by the server of
 * mail) or was tried twelve times. A notice may come twice, where an answer was lost: its id tells a repeat; never to
 * another place: a redirection is not followed.
 */
export async function sendNotices(deps: NoticeDeps): Promise<void> {
  const { database, clock } = deps;
  const due = await database.query<DueNotice>(takeSql, [clock.nowUs()]);
  await Promise.all(due.map((notice) => sent(deps, notice, clock.nowUs())));
}

async function sent(deps: NoticeDeps, notice: DueNotice, nowUs: number): Promise<void> {
  const problem = await problemOf(deps, notice, Math.floor(nowUs / 1_000_000));
  if (problem === undefined) await deps.database.query(sentSql, [notice.id]);
  else await deps.database.query(failedSql, [notice.id, notice.tries < TRIES_MAX ? 'waiting' : 'gave_up', nowUs + waitUs(notice.tries), problem.slice(0, 255)]);
}

async function problemOf({ mail, allowsPrivateWebhooks }: NoticeDeps, notice: DueNotice, atSec: number): Promise<string | undefined> {
  const { id, body, way, webhook_url: url, webhook_secret: secret, email_to_send_alarm: to } = notice;
  try {
    if (way === 'email') {
      if (mail === undefined || to === null) return 'no server of mail is set (SMTP_URL)';
      await mail({ id, to, ...noticeMail(body) });
      return undefined;
    }
    if (url === null || secret === null) return 'there is no webhook any more';
    const status = await sendWebhook({ url, secret, body }, atSec, allowsPrivateWebhooks);
    return status >= 200 && status < 300 ? undefined : `answered ${status}`;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}
