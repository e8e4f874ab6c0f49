import { Migration } from '@mikro-orm/migrations';
import { rerouteStatement } from '../projections/fold-reports.ts';

/**
 * Sums from before attempts that came before another were counted know of them as well, without a recount, which would lose what calls that were
 * dropped amounted to. It looks at each call once, while instances of the version before go on recording.
 */
export class Migration2026112965ReroutesCounted extends Migration {
  override name = 'Migration2026112965_reroutes_counted';

  override up(): void {
    this.addSql(rerouteStatement);
  }
}
