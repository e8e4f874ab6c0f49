import { Migration } from '@mikro-orm/migrations';

/** Whether a card type charges its startpulse flat for the incoming leg; otherwise it is the length of the first pulse. */
export class Migration2026112801PulsePolicy extends Migration {
  override name = 'Migration2026112801_pulse_policy';

  override up(): void {
    this.addSql('alter table cardtype add column incoming_leg boolean not null default false');
  }
}
