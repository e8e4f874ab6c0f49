import type { CodedRefusal, OpenAccountRequest } from '@tollwire/contracts';
import { ok, present, refuse } from '@tollwire/core';
import type { Result } from '@tollwire/core';
import type { CommandItem, EventMeta, Sql } from '@tollwire/event-store';
import { currencyOf } from '@tollwire/telecom';
import type { Aggregates, CardDeps } from '../card.deps.ts';
import type { AccountCommand, AccountTerms } from '../domain/account.ts';
import { ledgerAccount } from '../domain/ledger.ts';
import { lowBalanceScope } from '../domain/low-balance.ts';
import { openAccounts } from '../ledger/open-accounts.ts';
import { refusable } from '../ledger/refusable.ts';
import { amountOf } from '../wire/money.ts';
import { optionalTextOf, textOf } from '../wire/text.ts';

// An account code is the account's who first has it; the insert waits for whoever else is claiming it.
const claimCodes = `
  INSERT INTO account_code (code, customer_id) SELECT code, $2 FROM unnest($1::text[]) AS c (code) ORDER BY code
  ON CONFLICT (code) DO NOTHING`;
const selectTaken = 'SELECT code FROM account_code WHERE code = ANY($1::text[]) AND customer_id <> $2 ORDER BY code';

/**
 * Opens a customer's account with its ledger account. Opened again on the same terms nothing changes; on other terms,
 * or with an account code that another customer has, it is refused.
 */
export async function openAccount(
  deps: Pick<CardDeps, 'database' | 'clock' | 'wakeRelay'>,
  aggregates: Aggregates,
  request: OpenAccountRequest,
  meta: EventMeta,
): Promise<Result<{ customerId: string }, CodedRefusal>> {
  const terms = termsOf(request);
  if (!terms.ok) return terms;
  const command = { type: 'Open', terms: terms.value, at: deps.clock.nowUs() } as const;
  const item = { id: terms.value.customerId, command, meta };
  const opened = await refusable(deps.database, (tx) => open(tx, aggregates, item));
  if (opened.ok) deps.wakeRelay();
  return opened;
}

async function open(
  tx: Sql,
  { accounts }: Aggregates,
  item: CommandItem<Extract<AccountCommand, { type: 'Open' }>>,
): Promise<Result<{ customerId: string }, CodedRefusal>> {
  const { customerId, accountCodes, currency, creditLimitNanos } = item.command.terms;
  await tx.query(claimCodes, [accountCodes, customerId]);
  const [taken] = await tx.query<{ code: string }>(selectTaken, [accountCodes, customerId]);
  if (taken !== undefined) return refuse({ code: 'account_exists', field: 'accountCodes', facts: { accountCode: taken.code } });
  const [answer] = await accounts.handleIn(tx, [item]);
  const opened = present(answer, 'an answer for the command');
  if (!opened.ok) return opened;
  if (opened.value.events.length > 0) {
    await openAccounts(tx, [{ id: ledgerAccount.customer(customerId), currency, creditNanos: 0n, creditLimitNanos, class: lowBalanceScope.allAccounts }]);
  }
  return ok({ customerId });
}

function termsOf(request: OpenAccountRequest): Result<AccountTerms, CodedRefusal> {
  const customerId = textOf(request.customerId, 'customerId', 64);
  if (!customerId.ok) return customerId;
  for (const code of request.accountCodes) {
    const text = textOf(code, 'accountCodes', 64);
    if (!text.ok) return text;
  }
  const companyName = optionalTextOf(request.companyName, 'companyName');
  if (!companyName.ok) return companyName;
  const currency = currencyOf(request.currency);
  if (!currency.ok) return refuse({ code: 'currency_malformed', field: 'currency' });
  if (request.voipPlanId === 0) return refuse({ code: 'field_missing', field: 'voipPlanId', detail: 'Name the plan that calls are sold by.' });
  const limit = request.creditLimit === undefined ? ok({ nanos: 0n, currency: currency.value }) : amountOf(request.creditLimit, 'creditLimit');
  if (!limit.ok) return limit;
  if (limit.value.currency !== currency.value) return refuse({ code: 'currency_mismatch', field: 'creditLimit.currency' });
  return ok({
    customerId: customerId.value,
    accountCodes: request.accountCodes,
    voipPlanId: request.voipPlanId,
    currency: currency.value,
    postpaid: request.postpaid,
    creditLimitNanos: limit.value.nanos,
    companyName: companyName.value,
  });
}
