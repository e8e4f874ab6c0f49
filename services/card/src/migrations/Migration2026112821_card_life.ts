import { Migration } from '@mikro-orm/migrations';

/** The later life of cards, their PINs, and who calls with them. */
export class Migration2026112821CardLife extends Migration {
  override name = 'Migration2026112821_card_life';

  override up(): void {
    this.#life();
    this.#callers();
    this.#pins();
  }

  #life(): void {
    const beginnings = `check (expires_from in ('activation', 'first_use', 'making', 'date'))`;
    this.addSql(`alter table cardtype
      add column expires_from text not null default 'activation' ${beginnings},
      add column expires timestamptz,
      add column activates_on_use boolean not null default false,
      add constraint cardtype_expires_check check ((expires_from = 'date') = (expires is not null))`);
    this.addSql(`alter table card_state
      add column expires_from text not null default 'activation' ${beginnings},
      add column expires_on timestamptz,
      add column activates_on_use boolean not null default false,
      add column suspension text check (suspension in ('unpaid', 'litigation', 'other')),
      add column first_used timestamptz,
      add column clis jsonb not null default '[]'`);
    // A card that expires by a date, or by days from its making, may do so before anybody activates it.
    this.addSql('drop index card_state_due');
    this.addSql(`create index card_state_due on card_state (expires) where status in ('issued', 'active') and expires is not null`);
  }

  #callers(): void {
    // A caller belongs to one card; of several callers of a card the documented cidid names the first. Row 1 is nobody's.
    this.addSql('alter table cid add column cardid text collate "C" references card_state (cardid) deferrable initially deferred');
    this.addSql('create index cid_card on cid (cardid) where cardid is not null');
    this.addSql(`update cid c set cardid = s.cardid from (select cidid, min(cardid) as cardid from card_state where cidid <> 1 group by cidid) s
      where s.cidid = c.cidid`);
    this.addSql('drop view card');
    this.addSql(`create view card as
      select s.cardid, s.cidid, s.payed, s.cardtypeid, s.resellerid,
        floor(l.credit / 10000000.0)::bigint as credit,
        s.activated, s.deactivated, s.expires,
        s.status, s.sold, s.batch_id, l.currency, s.suspension, s.first_used
      from card_state s join ledger_account l on l.id = 'card:' || s.cardid`);
    this.addSql(`create table caller_policy (
      switch_id text collate "C" not null,
      trunk text collate "C" not null,
      unknown_cli text not null check (unknown_cli in ('refuse', 'ask_pin', 'create')),
      cardtypeid integer references cardtype (cardtypeid) deferrable initially deferred,
      resellerid integer not null references reseller (resellerid),
      bind_max integer not null check (bind_max between 0 and 100),
      set_by text,
      primary key (switch_id, trunk),
      check ((unknown_cli = 'create') = (cardtypeid is not null))
    )`);
    this.addSql(`create table caller_address (
      address inet primary key,
      account_code text collate "C" not null references account_code (code),
      registered_by text
    )`);
  }

  #pins(): void {
    // blind_index is an HMAC under a key that the database does not know: equal for equal PINs, and no help in guessing them.
    this.addSql(`create table card_pin (
      cardid text collate "C" primary key references card_state (cardid) deferrable initially deferred,
      blind_index bytea not null unique check (octet_length(blind_index) = 32),
      hash text not null check (hash like 'scrypt$%')
    )`);
    this.addSql(`create table pin_try (
      kind text not null check (kind in ('cli', 'trunk', 'address', 'switch')),
      value text collate "C" not null,
      tries integer not null check (tries >= 0),
      since timestamptz not null,
      primary key (kind, value)
    )`);
  }
}
