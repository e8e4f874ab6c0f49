import { Migration } from '@mikro-orm/migrations';

/**
 * The money ledger. All amounts are nanos (10⁻⁹ of the currency unit). transfer and charge are append-only: the
 * service's role may not change or delete their rows. ledger_account holds the balances that are checked before money
 * is spent; each equals the sum of its transfers, and its row lock is what makes spending once.
 */
export class Migration2026112103Ledger extends Migration {
  override name = 'Migration2026112103_ledger';

  override up(): void {
    // No index but the key and room on each page, so that an update stays on its page (a HOT update).
    this.addSql(`create table ledger_account (
      id text collate "C" primary key check (id ~ '^(card|customer):.'),
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      credit bigint not null,
      reserved bigint not null check (reserved >= 0),
      credit_limit bigint not null check (credit_limit >= 0),
      version bigint not null default 0
    ) with (fillfactor = 60)`);
    this.addSql(`create table transfer (
      id text collate "C" primary key,
      debit_account text collate "C" not null,
      credit_account text collate "C" not null check (credit_account <> debit_account),
      amount bigint not null check (amount > 0),
      currency text not null check (currency ~ '^[A-Z]{3}$'),
      code text not null check (code in ('card_value', 'top_up', 'call_charge', 'call_correction')),
      call_key text collate "C",
      at_us bigint not null
    )`);
    // What a call costs by each of its ratings; the row, not the transfer, is the receipt, because nothing may be owed.
    this.addSql(`create table charge (
      call_key text collate "C" not null,
      revision integer not null check (revision > 0),
      account_id text collate "C" not null,
      currency text not null,
      amount bigint not null check (amount >= 0),
      posted bigint not null,
      above_reservation bigint not null check (above_reservation >= 0),
      charged_at_us bigint not null,
      primary key (call_key, revision)
    )`);
    this.addSql(`create table reservation (
      call_key text collate "C" primary key,
      id uuid not null,
      account_id text collate "C" not null,
      -- An account code may be one of several of its account: whom the switch named, as card:<id> or account:<code>.
      party text not null,
      amount bigint not null check (amount >= 0),
      max_duration_sec integer not null check (max_duration_sec > 0),
      reserved_at_us bigint not null,
      valid_until_us bigint not null,
      state text not null check (state in ('open', 'settled', 'expired')),
      answer bytea not null
    )`);
    this.addSql(`create index reservation_due on reservation (valid_until_us) where state = 'open'`);
    // The documented card, whose credit in whole cents is read from the ledger and so can never differ from it.
    this.addSql(`create view card as
      select s.cardid, s.cidid, s.payed, s.cardtypeid, s.resellerid,
        floor(l.credit / 10000000.0)::integer as credit,
        s.activated, s.deactivated, s.expires,
        s.status, s.sold, s.batch_id, l.currency
      from card_state s join ledger_account l on l.id = 'card:' || s.cardid`);
  }
}
