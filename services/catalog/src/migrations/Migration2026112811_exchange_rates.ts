import { Migration } from '@mikro-orm/migrations';

/** What currencies are worth in each other, dated; a correction is a further row. */
export class Migration2026112811ExchangeRates extends Migration {
  override name = 'Migration2026112811_exchange_rates';

  override up(): void {
    this.addSql(`create table exchange_rate (
      base text collate "C" not null,
      quote text collate "C" not null check (quote <> base),
      revision integer not null,
      numerator bigint not null check (numerator > 0),
      decimals smallint not null check (decimals between 0 and 18),
      valid_from timestamptz not null,
      source text not null,
      recorded_by text not null,
      recorded_at timestamptz not null,
      primary key (base, quote, revision)
    )`);
    this.addSql('create index exchange_rate_beginning on exchange_rate (base, quote, valid_from)');
  }
}
