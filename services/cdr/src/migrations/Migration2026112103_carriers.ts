import { Migration } from '@mikro-orm/migrations';

/** The numbers of carriers, as routing tells them, and how far calls from before were given them. */
export class Migration2026112103Carriers extends Migration {
  override name = 'Migration2026112103_carriers';

  override up(): void {
    this.addSql(`create table carrier (
      carrier_code text collate "C" primary key check (carrier_code <> ''),
      providerid integer not null,
      fill_until bigint not null,
      filled_until bigint not null default 0
    )`);
  }
}
