import { Migration } from '@mikro-orm/migrations';

/** Who approved or rejected a version, and what two versions differ in. */
export class Migration2026112821DeckReviews extends Migration {
  override name = 'Migration2026112821_deck_reviews';

  override up(): void {
    this.addSql(`alter table rate_deck
      add column review text check (review in ('approved', 'rejected')),
      add column reviewed_at timestamptz,
      add column reviewed_by text,
      add column review_note text`);
    for (const sql of differences) this.addSql(sql);
  }
}

// Worked out once for two contents, and thrown away without harm: it can be worked out again.
const differences = [
  `create table deck_diff (
    diff_id bigint generated always as identity primary key,
    from_digest text collate "C" not null,
    to_digest text collate "C" not null,
    since_us bigint not null,
    summary text,
    asked_at timestamptz not null
  )`,
  'create unique index deck_diff_contents on deck_diff (from_digest, to_digest, since_us) where summary is not null',
  `create table deck_diff_page (
    diff_id bigint not null references deck_diff (diff_id) on delete cascade,
    change text not null,
    page integer not null,
    content bytea not null,
    primary key (diff_id, change, page)
  )`,
  // Compressed before it comes here.
  'alter table deck_diff_page alter column content set storage external',
];
