import { Migration } from '@mikro-orm/migrations';

/**
 * Lets one statement write many accounts only where none changed since it was read: it fails with TW001 where it found fewer rows at
 * the versions that it was told than it should have.
 */
export class Migration2026113001AllUnmoved extends Migration {
  override name = 'Migration2026113001_all_unmoved';

  override up(): void {
    this.addSql(`create function all_unmoved(wanted bigint, unmoved bigint) returns boolean language plpgsql as $$
      begin
        if unmoved = wanted then return true; end if;
        raise exception 'Only % of % accounts are as they were read', unmoved, wanted using errcode = 'TW001';
      end $$`);
  }
}
