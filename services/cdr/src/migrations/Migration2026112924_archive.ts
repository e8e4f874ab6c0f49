import { Migration } from '@mikro-orm/migrations';

/**
 * Calls that were written into a file may go, those and no others: by this function of the owner the service's role drops calls by their ids,
 * which it has locked since it read them, and nothing that is younger than a week.
 */
export class Migration2026112924Archive extends Migration {
  override name = 'Migration2026112924_archive';

  override up(): void {
    this.addSql(`create function drop_archived_calls(ids bigint[]) returns bigint
      language sql security definer set search_path = public, pg_temp as $$
        with gone as (
          delete from call where callid = any (ids) and started_at_us < (extract(epoch from now() - interval '7 days') * 1000000)::bigint
          returning 1)
        select count(*) from gone
      $$`);
    this.addSql('revoke all on function drop_archived_calls(bigint[]) from public');
  }
}
