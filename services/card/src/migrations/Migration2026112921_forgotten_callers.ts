import { Migration } from '@mikro-orm/migrations';

/**
 * Callers that are erased. The service's role may not change events; by these functions of the owner it may put another name in the place of a
 * number: of a caller that no card has any more, and of an order that was named by the caller whom it made a card for.
 */
export class Migration2026112921ForgottenCallers extends Migration {
  override name = 'Migration2026112921_forgotten_callers';

  override up(): void {
    // Bound and freed alike, so that the two still belong together when the life of a card is read again.
    this.addSql(`create function rename_freed_cli(digits text, other text, after_stream text, until_stream text) returns bigint
      language sql security definer set search_path = public, pg_temp as $$
        with renamed as (
          update event set data = jsonb_set(data, '{cli}', to_jsonb(other))
          where stream > after_stream and stream <= until_stream and stream like 'card-%' and type in ('CliBound', 'CliUnbound')
            and data ->> 'cli' = digits and not exists (select from cid c where c.cid::text = digits and c.cardid is not null)
          returning 1)
        select count(*) from renamed
      $$`);
    this.addSql(`create function rename_cli_order(old text, other text) returns bigint
      language plpgsql security definer set search_path = public, pg_temp as $$
        begin
          if old !~ '^cli-[0-9]{1,16}-[0-9]+-[0-9]+$' or other ~ '^cli-[0-9]{1,16}-' or exists (select from card_batch where batch_id = other) then return 0; end if;
          update event set stream = 'batch-' || other,
            data = case when type = 'CardsOrdered' then jsonb_set(data, '{order,batchId}', to_jsonb(other)) else data end
          where stream = 'batch-' || old;
          update event set data = jsonb_set(data, '{card,batchId}', to_jsonb(other))
          where type = 'CardIssued' and stream in (select 'card-' || cardid from card_state where batch_id = old);
          update card_state set batch_id = other where batch_id = old;
          update card_batch set batch_id = other where batch_id = old;
          return case when found then 1 else 0 end;
        end
      $$`);
    this.addSql('revoke all on function rename_freed_cli(text, text, text, text), rename_cli_order(text, text) from public');
  }
}
