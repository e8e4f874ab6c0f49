import { Migration } from '@mikro-orm/migrations';

/** In which minutes calls ended for a reason: searches by cause go through those. A few rows a minute, whose keys never change. */
export class Migration2026112923CausesByMinute extends Migration {
  override name = 'Migration2026112923_causes_by_minute';

  override up(): void {
    this.addSql(`create index report_bucket_causes on report_bucket (value, at_min) where dimension = 'cause' and grain = 'minute'`);
  }
}
