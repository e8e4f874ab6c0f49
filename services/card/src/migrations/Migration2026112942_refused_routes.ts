import { Migration } from '@mikro-orm/migrations';

/** How calls were decided that were not let through. They are for people who ask why, so they go after a while; what was let through is kept with its reservation. */
export class Migration2026112942RefusedRoutes extends Migration {
  override name = 'Migration2026112942_refused_routes';

  override up(): void {
    this.addSql(`create table refused_route (
      call_key text collate "C" primary key,
      refused_at_us bigint not null,
      decision bytea not null
    )`);
    this.addSql('create index refused_route_at on refused_route (refused_at_us)');
  }
}
