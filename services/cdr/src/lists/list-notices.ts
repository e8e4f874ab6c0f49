import { randomUUID } from 'node:crypto';
import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, HitNoticeSchema, SetListNoticeRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { webhookFault } from '../alarms/webhook-fault.ts';
import { isWebUrl } from '../alarms/alarm-terms.ts';
import type { CdrDeps } from '../cdr.deps.ts';
import { listNames } from '../domain/list-entry.ts';
import { hitsToTell, type ListHit } from '../domain/list-notice.ts';

type Notice = MessageInitShape<typeof HitNoticeSchema>;

interface NoticeRow {
  readonly list: string;
  readonly email: string | null;
  readonly webhook_url: string | null;
  readonly throttle_sec: number;
  readonly noticed_at_us: bigint;
  readonly set_by: string;
}

const columns = 'list, email, webhook_url, throttle_sec, noticed_at_us, set_by';
const setSql = `
  INSERT INTO list_notice AS n (list, email, webhook_url, webhook_secret, throttle_sec, set_at_us, set_by)
  VALUES ($1, nullif($2, ''), nullif($3, ''), nullif($4, ''), $5, $6, $7)
  ON CONFLICT (list) DO UPDATE SET email = excluded.email, webhook_url = excluded.webhook_url, webhook_secret = excluded.webhook_secret,
    throttle_sec = excluded.throttle_sec, set_at_us = excluded.set_at_us, set_by = excluded.set_by
  RETURNING ${columns}`;
const queueSql = 'INSERT INTO alarm_notice (id, list, body, noticed_at_us, try_at_us, way) VALUES ($1, $2, $3, $4, $4, $5)';

/** Sets who is told that calls met a list; with neither an address nor a webhook, nobody is. */
export async function setListNotice(
  { database, clock, allowsPrivateWebhooks }: Pick<CdrDeps, 'database' | 'clock' | 'allowsPrivateWebhooks'>,
  { list, email, webhookUrl, webhookSecret, throttleSec, by }: SetListNoticeRequest,
): Promise<Result<Notice, CodedRefusal>> {
  if (!listNames.some((name) => name === list)) return refuse({ code: 'field_malformed', field: 'list', facts: { allowed: listNames.join(', ') } });
  if (email !== '' && (email.length > 100 || !/^[^\s@\0]+@[^\s@\0]+$/.test(email))) return refuse({ code: 'field_malformed', field: 'email' });
  if (webhookUrl !== '' && !isWebUrl(webhookUrl)) return refuse({ code: 'field_malformed', field: 'webhookUrl', detail: 'Name an http or https URL without a user in it.' });
  const fault = webhookFault({ url: webhookUrl, secret: webhookSecret }, allowsPrivateWebhooks);
  if (fault !== undefined) return refuse(fault);
  if (email === '' && webhookUrl === '') {
    await database.query('DELETE FROM list_notice WHERE list = $1', [list]);
    return ok({ list });
  }
  const [row] = await database.query<NoticeRow>(setSql, [list, email, webhookUrl, webhookSecret, throttleSec, clock.nowUs(), by]);
  return ok(row === undefined ? { list } : noticeOf(row));
}

/** Who is told of which list, without the secrets of webhooks. */
export async function listNotices(sql: Sql): Promise<Notice[]> {
  return (await sql.query<NoticeRow>(`SELECT ${columns} FROM list_notice ORDER BY list`)).map(noticeOf);
}

function noticeOf({ list, email, webhook_url: url, throttle_sec: throttleSec, noticed_at_us: lastToldAtUs, set_by: by }: NoticeRow): Notice {
  return { list, email: email ?? '', webhookUrl: url ?? '', throttleSec, lastToldAtUs, by };
}

/** What calls did with an entry of a list, as routing tells it. */
export interface ToldHit extends ListHit {
  readonly list: string;
  readonly stoppedCount: number;
  readonly passedCount: number;
}

/** Queues notices of hits for who wants to know of their list, in the transaction that counts them. */
export async function queueListNotices(tx: Sql, hits: readonly ToldHit[]): Promise<void> {
  const lists = [...new Set(hits.map(({ list }) => list))];
  for (const row of await tx.query<NoticeRow>(`SELECT ${columns} FROM list_notice WHERE list = ANY($1::text[]) ORDER BY list FOR NO KEY UPDATE`, [lists])) {
    const { told, lastToldUs } = hitsToTell(hits.filter(({ list }) => list === row.list), row.noticed_at_us, row.throttle_sec);
    if (told.length === 0) continue;
    await tx.query('UPDATE list_notice SET noticed_at_us = $2 WHERE list = $1', [row.list, lastToldUs]);
    for (const hit of told) {
      for (const way of [...(row.email === null ? [] : ['email']), ...(row.webhook_url === null ? [] : ['webhook'])]) {
        const id = randomUUID();
        await tx.query(queueSql, [id, row.list, JSON.stringify(bodyOf(id, hit)), hit.atUs, way]);
      }
    }
  }
}

function bodyOf(id: string, { list, subject, atUs, stoppedCount, passedCount }: ToldHit): object {
  return { id, list, entry: subject, at: new Date(Number(atUs / 1000n)).toISOString(), stopped: stoppedCount, passed: passedCount };
}
