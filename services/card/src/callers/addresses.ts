import { isIP } from 'node:net';
import type { CallerAddress, CodedRefusal, Empty } from '@tollwire/contracts';
import { create } from '@bufbuild/protobuf';
import { EmptySchema } from '@tollwire/contracts';
import { ok, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { Sql } from '@tollwire/event-store';
import { namedBy } from '../wire/meta.ts';
import { unknownParty } from '../wire/party.ts';
import { textOf } from '../wire/text.ts';

// The row is inserted where the account code is there; registered again, the address calls on the new account.
const upsertAddress = `
  INSERT INTO caller_address (address, account_code, registered_by) SELECT $1::inet, code, $3 FROM account_code WHERE code = $2
  ON CONFLICT (address) DO UPDATE SET account_code = excluded.account_code, registered_by = excluded.registered_by RETURNING 1`;

/** Lets whoever calls from an address call on an account, under the name of who does it. Refuses unknown_account. */
export async function registerAddress(sql: Sql, request: CallerAddress): Promise<Result<{ address: string; accountCode: string }, CodedRefusal>> {
  const address = addressOf(request.address);
  if (!address.ok) return address;
  const code = textOf(request.accountCode, 'accountCode', 64);
  if (!code.ok) return code;
  const rows = await sql.query(upsertAddress, [address.value, code.value, namedBy(request.by)]);
  return rows.length === 0 ? refuse(unknownParty({ kind: 'account', code: code.value })) : ok({ address: address.value, accountCode: code.value });
}

/** Takes an address off the list; one that is not on it is no mistake. */
export async function removeAddress(sql: Sql, request: CallerAddress): Promise<Result<Empty, CodedRefusal>> {
  const address = addressOf(request.address);
  if (!address.ok) return address;
  await sql.query('DELETE FROM caller_address WHERE address = $1::inet', [address.value]);
  return ok(create(EmptySchema));
}

/** Every registered address with its account code. */
export async function listAddresses(sql: Sql) {
  const addresses = await sql.query<{ address: string; accountCode: string }>(
    'SELECT host(address) AS address, account_code AS "accountCode" FROM caller_address ORDER BY caller_address.address',
  );
  return { addresses };
}

/** An IP address of a message. Refuses what is none, also with a port or a mask. */
export function addressOf(text: string): Result<string, CodedRefusal> {
  if (text === '') return refuse({ code: 'field_missing', field: 'address', detail: 'Give the IP address.' });
  // A zone, as in fe80::1%eth0, says something on one machine only.
  return isIP(text) === 0 || text.includes('%') ? refuse({ code: 'field_malformed', field: 'address', detail: 'Give an IPv4 or IPv6 address, without a port.' }) : ok(text);
}
