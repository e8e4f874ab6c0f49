import { Migration } from '@mikro-orm/migrations';
import { rerouteStatements } from '../projections/fold-reports.ts';

/**
 * Sums from before attempts that came before another were counted know of them as well, without a recount, which would lose what calls that were
 * dropped amounted to. It looks at each call once, and who records calls waits meanwhile.
 */
export class Migration2026112965ReroutesCounted extends Migration {
  override name = 'Migration2026112965_reroutes_counted';

  override up(): void {
    for (const statement of rerouteStatements) this.addSql(statement);
  }
}
