import type { MessageInitShape } from '@bufbuild/protobuf';
import type { CodedRefusal, ListPaymentsReplySchema, ListPaymentsRequest } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { accountsOfParties } from '../ledger/party-accounts.ts';
import { partyOf, unknownParty } from '../wire/party.ts';
import { paymentOf, paymentsOf } from './payments-store.ts';
import type { PaymentPlace, StoredPayment } from './payments-store.ts';

const pageSize = 100;

/** Beyond every payment. */
const beginning: PaymentPlace = { paidAtUs: 2n ** 62n, provider: '', paymentId: '' };

/** The payments of a card or account with what was taken back of each, the latest first. */
export async function listPayments(sql: Sql, request: ListPaymentsRequest): Promise<Result<MessageInitShape<typeof ListPaymentsReplySchema>, CodedRefusal>> {
  const party = partyOf(request.party, 'party');
  if (!party.ok) return party;
  const after = request.cursor === '' ? beginning : placeOf(request.cursor);
  if (after === undefined) return refuse({ code: 'cursor_malformed', field: 'cursor' });
  const accountId = (await accountsOfParties(sql, [party.value]))(party.value);
  const known = await sql.query('SELECT 1 FROM ledger_account WHERE id = $1', [accountId ?? '']);
  if (accountId === undefined || known.length === 0) return refuse(unknownParty(party.value));
  const rows = await paymentsOf(sql, accountId, after, pageSize + 1);
  const page = rows.slice(0, pageSize);
  const last = rows.length > pageSize ? page.at(-1) : undefined;
  return ok({ payments: page.map(paymentOf), nextCursor: last === undefined ? '' : cursorOf(last) });
}

function cursorOf({ paid_at_us: paidAtUs, provider, payment_id: paymentId }: StoredPayment): string {
  return Buffer.from(`${paidAtUs}:${provider}:${paymentId}`).toString('base64url');
}

function placeOf(cursor: string): PaymentPlace | undefined {
  const [, paidAtUs, provider, paymentId] = /^(\d{1,18}):([a-z0-9_-]{1,32}):([^\u0000-\u001f]{1,128})$/.exec(Buffer.from(cursor, 'base64url').toString()) ?? [];
  return paidAtUs === undefined || provider === undefined || paymentId === undefined ? undefined : { paidAtUs: BigInt(paidAtUs), provider, paymentId };
}
