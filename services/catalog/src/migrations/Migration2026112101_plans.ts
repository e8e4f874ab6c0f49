import { Migration } from '@mikro-orm/migrations';
import { eventStoreMigrations } from '@tollwire/event-store';

/** The number plan, the documented plans with what links them, and the event store. */
export class Migration2026112101Plans extends Migration {
  override name = 'Migration2026112101_plans';

  override up(): void {
    for (const sql of eventStoreMigrations) this.addSql(sql);
    for (const sql of [...numberPlan, ...plans, ...links]) this.addSql(sql);
  }
}

const digits = `check (prefix ~ '^[0-9]{1,15}$')`;

const numberPlan = [
  `create table country (
    countrycode text collate "C" primary key,
    countryname text not null
  )`,
  `create table countryprefix (
    countryprefixid integer generated always as identity primary key,
    prefix text collate "C" not null unique ${digits},
    countrycode text collate "C" not null references country (countrycode),
    subcode text not null check (subcode in ('', 'FIX', 'MOB'))
  )`,
  // Tells every instance when the plan that it keeps in memory is old.
  `create table number_plan (
    singleton boolean primary key default true check (singleton),
    revision bigint not null
  )`,
  'insert into number_plan (revision) values (0)',
];

const currency = `currency text not null check (currency ~ '^[A-Z]{3}$')`;
const rounding = `rounding_decimals smallint not null check (rounding_decimals between 0 and 9),
    rounding_mode text not null check (rounding_mode in ('up', 'down', 'half_up'))`;

// Ids are taken before the command that makes the plan, so a plan that is refused leaves a gap.
const plans = [
  ...['tariff_id', 'voip_plan_id', 'voip_retail_plan_id', 'voip_carrier_plan_id', 'ban_plan_id'].map((name) => `create sequence ${name} as integer`),
  `create table tariff (
    tariffid integer primary key,
    tariffname text not null unique,
    ${currency},
    ${rounding}
  )`,
  `create table voip_retail_plan (
    id integer primary key,
    name text not null unique,
    ${currency}
  )`,
  // The carrier code is routing's provider.carriercode: a plain value here.
  `create table voip_carrier_plan (
    id integer primary key,
    name text not null unique,
    ${currency},
    carrier_code text not null
  )`,
  `create table ban_plan (
    id integer primary key,
    name text not null unique
  )`,
  `create table voip_plan (
    id integer primary key,
    name text not null unique,
    ${currency},
    ${rounding},
    revision integer not null
  )`,
];

/** A reference between read models is checked at commit, so that one can be emptied and folded anew. */
function reference(table: string): string {
  return `${table}_id integer not null references ${table} (id) deferrable initially deferred`;
}

function link(from: string, to: string): string {
  return `create table ${from}_${to} (
    ${reference(from)},
    ${reference(to)},
    place integer not null,
    primary key (${from}_id, ${to}_id)
  )`;
}

const links = [
  `create table ban_prefix (
    ${reference('ban_plan')},
    prefix text collate "C" not null ${digits},
    place integer not null,
    primary key (ban_plan_id, prefix)
  )`,
  link('voip_plan', 'ban_plan'),
  link('voip_plan', 'voip_retail_plan'),
  link('voip_plan', 'voip_carrier_plan'),
  link('voip_retail_plan', 'voip_carrier_plan'),
];
