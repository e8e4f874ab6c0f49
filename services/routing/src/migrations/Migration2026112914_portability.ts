import { Migration } from '@mikro-orm/migrations';

/** How the gateway of a provider wants number portability told; those of `gateways` say it themselves. */
export class Migration2026112914Portability extends Migration {
  override name = 'Migration2026112914_portability';

  override up(): void {
    this.addSql("alter table provider add column portability text not null default '' check (portability in ('', 'rn', 'prefix'))");
  }
}
