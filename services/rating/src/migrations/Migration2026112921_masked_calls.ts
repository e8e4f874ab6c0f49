import { Migration } from '@mikro-orm/migrations';

/**
 * Calls whose people are erased. The service's role may not change a rating; by these functions of the owner it may mask who was called: in calls that
 * are noted as erased, and of one number that is erased.
 */
export class Migration2026112921MaskedCalls extends Migration {
  override name = 'Migration2026112921_masked_calls';

  override up(): void {
    this.addSql('create table masked_call (call_key text collate "C" primary key)');
    // As `maskedNumber` masks digits: six of them at most, and never the last four.
    this.addSql(`create function masked_digits(digits text) returns text language sql immutable strict parallel safe as $$
      select left(digits, greatest(0, least(6, length(digits) - 4))) || repeat('*', length(digits) - greatest(0, least(6, length(digits) - 4)))
    $$`);
    this.addSql(`create function mask_erased_ratings(call_keys text[]) returns bigint
      language sql security definer set search_path = public, pg_temp as $$
        with gone as (
          update rated_call r set called_e164 = masked_digits(r.called_e164) from masked_call c
          where c.call_key = any(call_keys) and r.call_key = c.call_key and position('*' in r.called_e164) = 0
          returning 1)
        select count(*) from gone
      $$`);
    this.addSql(`create function mask_rated_number(digits text, after_key text, until_key text) returns bigint
      language sql security definer set search_path = public, pg_temp as $$
        with gone as (
          update rated_call set called_e164 = masked_digits(called_e164)
          where call_key > after_key and call_key <= until_key and called_e164 = digits
          returning 1)
        select count(*) from gone
      $$`);
    this.addSql('revoke all on function mask_erased_ratings(text[]), mask_rated_number(text, text, text) from public');
  }
}
