import { Migration } from '@mikro-orm/migrations';

/**
 * Money moves and resellers are registered under a name; a call's charges are counted, so that two writers of its next
 * charge cannot both be first; and the documented credit of a card is shown whatever it has grown to.
 */
export class Migration2026112104Named extends Migration {
  override name = 'Migration2026112104_named';

  override up(): void {
    // Null where nobody ordered it: a charge follows from a call. Rows of before have lost the name.
    this.addSql('alter table transfer add column posted_by text');
    this.addSql('alter table reseller add column registered_by text');
    // The lock of an account does not keep apart two ratings of one call that name different accounts; this key does.
    // The default lets an instance of the version before, still running, write first charges.
    this.addSql('alter table charge add column nth integer not null default 1 check (nth > 0)');
    this.addSql(`update charge c set nth = n.nth
      from (select call_key, revision, row_number() over (partition by call_key order by revision) as nth from charge) n
      where n.call_key = c.call_key and n.revision = c.revision`);
    this.addSql('alter table charge drop constraint charge_pkey, add primary key (call_key, nth)');
    // Documented as an integer, which a top-up of 22 million units would overflow, and with it every look at the card.
    this.addSql('drop view card');
    this.addSql(`create view card as
      select s.cardid, s.cidid, s.payed, s.cardtypeid, s.resellerid,
        floor(l.credit / 10000000.0)::bigint as credit,
        s.activated, s.deactivated, s.expires,
        s.status, s.sold, s.batch_id, l.currency
      from card_state s join ledger_account l on l.id = 'card:' || s.cardid`);
  }
}
