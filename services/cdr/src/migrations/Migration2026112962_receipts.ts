import { Migration } from '@mikro-orm/migrations';

/**
 * When each kind of event was received of a call, by our clock, when anything was last, and how many events it is made of. Of calls from before, what is
 * told of them from now on; the log knows the rest, and a rebuild brings it back.
 */
export class Migration2026112962Receipts extends Migration {
  override name = 'Migration2026112962_receipts';

  override up(): void {
    const columns = ['started', 'ringing', 'answered', 'ended', 'rated', 'last'].map((what) => `add column ${what}_received_us bigint`).join(', ');
    for (const table of ['call', 'call_past']) this.addSql(`alter table ${table} ${columns}, add column event_count integer not null default 0`);
  }
}
