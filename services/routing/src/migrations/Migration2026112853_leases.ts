import { Migration } from '@mikro-orm/migrations';

/** Calls that take capacity of carriers which have limits of it; each lease ends by itself. */
export class Migration2026112853Leases extends Migration {
  override name = 'Migration2026112853_leases';

  override up(): void {
    // Offered, started, answered, over: 0 to 3. A lease lost in a crash of the server would be counted anew from the calls' next
    // events, but the table is small and its writes are few, so it is logged like all others.
    this.addSql(`create table call_lease (
      call_key text primary key,
      carrier_code text not null,
      state smallint not null check (state between 0 and 3),
      until_us bigint not null,
      offered_us bigint not null default 0,
      offered_by text not null default ''
    ) with (fillfactor = 60)`);
  }
}
