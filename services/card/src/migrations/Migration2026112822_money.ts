import { Migration } from '@mikro-orm/migrations';

/**
 * Money in, and what is told of it: payments with commissions, vouchers, credits that two people post, thresholds, breakage,
 * statements. What has happened is append-only, as transfers are; where something can happen once, a key says so.
 */
export class Migration2026112822Money extends Migration {
  override name = 'Migration2026112822_money';

  override up(): void {
    this.addSql('alter table transfer drop constraint transfer_code_check');
    this.addSql(`alter table transfer add constraint transfer_code_check check (code in (
      'card_value', 'top_up', 'payment', 'payment_reversal', 'voucher', 'call_charge', 'call_correction', 'call_tax', 'call_tax_correction',
      'call_cost', 'call_cost_correction', 'commission', 'commission_reversal', 'breakage', 'breakage_return'))`);
    // A statement is a stretch of one account's transfers; the amount is in the key, so that a balance is read from the index alone.
    this.addSql('create index transfer_debit on transfer (debit_account, at_us, amount)');
    this.addSql('create index transfer_credit on transfer (credit_account, at_us, amount)');
    // The call's part of what is posted of tax and carriers' costs for many calls at once. Charges of before had neither posted.
    this.addSql('alter table charge add column tax bigint not null default 0 check (tax >= 0), add column costs jsonb');
    this.addSql(`create index reservation_of_account on reservation (account_id) where state = 'open'`);
    // Whose thresholds count where an account has none of its own: those of its card type, or of all accounts.
    this.addSql('alter table ledger_account add column class text collate "C"');
    this.addSql(`update ledger_account l set class = 'card_type:' || s.cardtypeid from card_state s where l.id = 'card:' || s.cardid`);
    this.addSql(`update ledger_account set class = 'accounts' where id like 'customer:%'`);
    this.addSql(`create table low_balance (
      scope text collate "C" primary key,
      thresholds bigint[] not null check (cardinality(thresholds) <= 10),
      set_by text,
      set_at_us bigint not null
    )`);
    this.#payments();
    this.#vouchers();
    this.addSql(`create table credit_proposal (
      transfer_id text collate "C" primary key,
      party text not null,
      currency text not null,
      amount bigint not null check (amount > 0),
      reason text not null,
      status text not null check (status in ('proposed', 'posted', 'rejected')),
      proposed_by text not null,
      proposed_at timestamptz not null,
      decided_by text,
      decided_at timestamptz,
      note text not null
    )`);
    this.addSql('create index credit_proposal_latest on credit_proposal (proposed_at)');
    this.addSql(`create table broken_credit (
      cardid text collate "C" not null,
      nth integer not null check (nth > 0),
      currency text not null,
      amount bigint not null check (amount > 0),
      forfeited_at_us bigint not null,
      restored_at_us bigint,
      primary key (cardid, nth)
    )`);
    // A card may lose credit twice before it is extended: what was paid for it meanwhile.
    this.addSql('create index broken_credit_open on broken_credit (cardid) where restored_at_us is null');
    this.addSql('create index card_state_expires on card_state (expires) where expires is not null');
  }

  #payments(): void {
    // The latest row of a reseller and card type counts; 0 stands for every type that has none of its own.
    this.addSql(`create table commission (
      nth bigint generated always as identity primary key,
      resellerid integer not null references reseller (resellerid),
      cardtypeid integer not null check (cardtypeid >= 0),
      ppm integer not null check (ppm between 0 and 1000000),
      set_by text,
      set_at_us bigint not null
    )`);
    this.addSql('create index commission_latest on commission (resellerid, cardtypeid, nth)');
    this.addSql(`create table payment (
      provider text collate "C" not null check (provider ~ '^[a-z0-9_-]{1,32}$'),
      payment_id text collate "C" not null,
      account_id text collate "C" not null,
      party text not null,
      currency text not null,
      amount bigint not null check (amount > 0),
      resellerid integer,
      commission bigint not null check (commission between 0 and amount),
      paid_at_us bigint not null,
      posted_by text,
      primary key (provider, payment_id)
    )`);
    this.addSql('create index payment_of_account on payment (account_id, paid_at_us)');
    this.addSql(`create table payment_reversal (
      provider text collate "C" not null,
      reversal_id text collate "C" not null,
      payment_id text collate "C" not null,
      kind text not null check (kind in ('refund', 'chargeback')),
      amount bigint not null check (amount > 0),
      commission bigint not null check (commission >= 0),
      reversed_at_us bigint not null,
      posted_by text,
      primary key (provider, reversal_id),
      foreign key (provider, payment_id) references payment (provider, payment_id)
    )`);
    this.addSql('create index payment_reversal_of on payment_reversal (provider, payment_id)');
  }

  #vouchers(): void {
    this.addSql(`create table voucher_batch (
      batch_id text collate "C" primary key,
      quantity integer not null check (quantity > 0),
      currency text not null,
      value bigint not null check (value > 0),
      expires_at_us bigint,
      resellerid integer references reseller (resellerid),
      made_at_us bigint not null,
      made_by text
    )`);
    this.addSql(`create table voucher_void (
      batch_id text collate "C" primary key references voucher_batch (batch_id),
      voided_at_us bigint not null,
      voided_by text
    )`);
    // A code is kept as its keyed digest (HMAC-SHA-256) alone: it can be found, and not be read.
    this.addSql(`create table voucher (
      code_index bytea primary key check (length(code_index) = 32),
      batch_id text collate "C" not null references voucher_batch (batch_id),
      serial integer not null check (serial > 0),
      unique (batch_id, serial)
    )`);
    // The key is what one winner ever rests upon.
    this.addSql(`create table voucher_redemption (
      code_index bytea primary key references voucher (code_index),
      redemption_id text collate "C" not null,
      batch_id text collate "C" not null,
      account_id text collate "C" not null,
      redeemed_at_us bigint not null,
      redeemed_by text
    )`);
    this.addSql('create index voucher_redemption_of on voucher_redemption (batch_id)');
    this.addSql(`create table voucher_try (
      subject text collate "C" primary key,
      window_from_us bigint not null,
      failed integer not null check (failed >= 0)
    )`);
  }
}
