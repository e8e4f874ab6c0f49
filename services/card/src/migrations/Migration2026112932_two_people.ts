import { Migration } from '@mikro-orm/migrations';

/**
 * Money that one person may not make alone by another name: vouchers, which a second person lets be redeemed, and payments that a person tells
 * of, which are proposed as credits are. Batches of before were made under no limit, and stay as they are.
 */
export class Migration2026112932TwoPeople extends Migration {
  override name = 'Migration2026112932_two_people';

  override up(): void {
    this.addSql('alter table voucher_batch add column needs_approval boolean not null default false');
    this.addSql(`create table voucher_approval (
      batch_id text collate "C" primary key references voucher_batch (batch_id),
      approved_at_us bigint not null,
      approved_by text not null
    )`);
    this.addSql('alter table credit_proposal add column provider text, add column payment_id text');
  }
}
