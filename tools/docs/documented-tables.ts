/** A column of the documents, under the name that it has here. */
export interface DocumentedColumn {
  readonly documented: string;
  readonly column: string;
  /** The documented reference, as `table.column`; a foreign key where the same service owns both. */
  readonly references?: string;
  /** What differs from the document, and why. */
  readonly remark?: string;
}

/** A table of the documents, and the service that owns it. */
export interface DocumentedTable {
  readonly documented: string;
  readonly service: 'catalog' | 'card' | 'routing' | 'cdr';
  readonly table: string;
  /** The table that has the primary key, where `table` is a view over it or lies in partitions. */
  readonly rowsIn?: string;
  /** The primary key. */
  readonly key: readonly string[];
  readonly columns: readonly DocumentedColumn[];
  readonly remark?: string;
}

const same = (...names: string[]): DocumentedColumn[] => names.map((name) => ({ documented: name, column: name }));
const but = (documented: string, column: string, remark?: string): DocumentedColumn => ({ documented, column, ...(remark === undefined ? {} : { remark }) });
const refers = (column: string, references: string, remark?: string): DocumentedColumn => ({ ...but(column, column, remark), references });

const exactRate = 'a float cannot hold a price; kept as an exact decimal';
const currencyPerMin = 'documented in cents; kept in units of the plan’s currency, as an exact decimal';
const digits = 'digits as text: leading zeros count';
const elsewhere = 'the id of another service, a plain value';

const cards: DocumentedTable[] = [
  {
    documented: 'cardtype', service: 'card', table: 'cardtype', key: ['cardtypeid'],
    columns: [...same('cardtypeid', 'value', 'description', 'active'), refers('tariffid', 'tariff.tariffid', elsewhere), ...same('lifetime', 'frequency', 'startpulse')],
  },
  {
    documented: 'cid', service: 'card', table: 'cid', key: ['cidid'], remark: 'Row 1 is the dummy that a card without a caller refers to.',
    columns: [but('cidid', 'cidid'), but('cid', 'cid', 'a bigint: a number has up to fifteen digits'), refers('resellerid', 'reseller.resellerid'), but('createtime', 'createtime')],
  },
  {
    documented: 'card', service: 'card', table: 'card', rowsIn: 'card_state', key: ['cardid'],
    remark: 'A view over `card_state` and the ledger, so that the credit can never differ from the money that moved.',
    columns: [
      but('cardid', 'cardid', digits), refers('cidid', 'cid.cidid'), but('payed', 'payed'), refers('cardtypeid', 'cardtype.cardtypeid'),
      refers('resellerid', 'reseller.resellerid'), but('credit', 'credit', 'whole cents of the exact balance'), ...same('activated', 'deactivated', 'expires'),
    ],
  },
  {
    documented: 'reseller', service: 'card', table: 'reseller', key: ['resellerid'], remark: 'Row 1 is the own company.',
    columns: [...same('resellerid', 'username'), but('userpass', 'userpass', 'a slow salted hash, never the password')],
  },
  { documented: 'sale', service: 'card', table: 'sale', key: ['saleid'], columns: [but('saleid', 'saleid'), refers('cardid', 'card.cardid', digits), but('saletime', 'saletime')] },
  { documented: 'order', service: 'card', table: 'order', key: ['orderid'], columns: [but('orderid', 'orderid'), refers('cardid', 'card.cardid', digits), but('ordertime', 'ordertime')] },
  {
    documented: 'user_profile', service: 'card', table: 'user_profile', key: ['customer_id'],
    columns: [
      ...same('accountcode', 'address', 'city', 'state', 'country', 'zip_code', 'phone_no', 'fax', 'company_name', 'company_website', 'language', 'note'),
      but('user', 'user_id'), { ...but('dialersetting', 'dialersetting_id'), references: 'dialer_setting.id' },
    ],
  },
  {
    documented: 'userprofile_gateway', service: 'card', table: 'userprofile_gateway', key: ['customer_id', 'gateway_id'],
    remark: 'Documented as a many-to-many relation of UserProfile; gateways belong to routing.', columns: [refers('customer_id', 'user_profile.customer_id')],
  },
  {
    documented: 'userprofile_voipservergroup', service: 'card', table: 'userprofile_voipservergroup', key: ['customer_id', 'voipservergroup_id'],
    remark: 'Documented as a many-to-many relation of UserProfile; server groups belong to routing.', columns: [refers('customer_id', 'user_profile.customer_id')],
  },
];

const ratesAndPlans: DocumentedTable[] = [
  { documented: 'country', service: 'catalog', table: 'country', key: ['countrycode'], columns: same('countrycode', 'countryname') },
  {
    documented: 'countryprefix', service: 'catalog', table: 'countryprefix', key: ['countryprefixid'],
    columns: [...same('countryprefixid', 'prefix'), refers('countrycode', 'country.countrycode'), but('subcode', 'subcode', 'FIX, MOB, or empty where the plan does not say')],
  },
  { documented: 'tariff', service: 'catalog', table: 'tariff', key: ['tariffid'], columns: same('tariffid', 'tariffname') },
  {
    documented: 'tariffrate', service: 'catalog', table: 'tariffrate', key: ['tariffrateid'],
    columns: [
      but('tariffrateid', 'tariffrateid'), refers('tariffid', 'tariff.tariffid'), refers('countryprefixid', 'countryprefix.countryprefixid'),
      but('rate', 'rate', currencyPerMin),
    ],
  },
  { documented: 'voip_plan', service: 'catalog', table: 'voip_plan', key: ['id'], columns: [], remark: 'Documented by its relations: one plan has many retail, carrier and ban plans.' },
  { documented: 'ban_plan', service: 'catalog', table: 'ban_plan', key: ['id'], columns: [] },
  link('voip_plan', 'ban_plan'),
  {
    documented: 'ban_prefix', service: 'catalog', table: 'ban_prefix', key: ['ban_plan_id', 'prefix'],
    columns: [{ ...but('ban plan', 'ban_plan_id'), references: 'ban_plan.id' }, but('prefix', 'prefix')],
  },
  { documented: 'voip_retail_plan', service: 'catalog', table: 'voip_retail_plan', key: ['id'], columns: [] },
  link('voip_plan', 'voip_retail_plan'),
  rateOf('voip_retail_rate', 'voip_retail_plan', 'retail_rate'),
  { documented: 'voip_carrier_plan', service: 'catalog', table: 'voip_carrier_plan', key: ['id'], columns: [] },
  rateOf('voip_carrier_rate', 'voip_carrier_plan', 'carrier_rate'),
  link('voip_plan', 'voip_carrier_plan'),
  { ...link('voip_retail_plan', 'voip_carrier_plan'), remark: 'Named by the text (a carrier plan is associated to a retail plan), not by a table.' },
];

function link(from: string, to: string): DocumentedTable {
  const side = (table: string): DocumentedColumn => ({ ...but(table, `${table}_id`), references: `${table}.id` });
  const table = `${from}_${to}`;
  return { documented: table, service: 'catalog', table, key: [`${from}_id`, `${to}_id`], columns: [side(from), side(to)] };
}

function rateOf(table: string, plan: string, rate: string): DocumentedTable {
  return {
    documented: table, service: 'catalog', table, key: ['id'],
    columns: [{ ...but('plan', `${plan}_id`), references: `${plan}.id` }, but('prefix', 'prefix'), but('rate', rate, exactRate)],
  };
}

const providers: DocumentedTable[] = [
  { documented: 'provider', service: 'routing', table: 'provider', key: ['providerid'], columns: same('providerid', 'carriercode', 'providertech', 'providerip', 'providername') },
  {
    documented: 'providerdestination', service: 'routing', table: 'providerdestination', key: ['providerdestinationid'],
    columns: [but('providerdestinationid', 'providerdestinationid'), refers('countryprefixid', 'countryprefix.countryprefixid', elsewhere), refers('providerid', 'provider.providerid')],
  },
  {
    documented: 'providerrate', service: 'routing', table: 'providerrate', key: ['providerrateid'],
    columns: [
      but('providerrateid', 'providerrateid'), refers('providerid', 'provider.providerid'), refers('countryprefixid', 'countryprefix.countryprefixid', elsewhere),
      but('rate', 'rate', currencyPerMin),
    ],
  },
];

const calls: DocumentedTable[] = [
  {
    documented: 'call', service: 'cdr', table: 'call', rowsIn: 'call_place', key: ['callid'],
    remark: '`call` lies in partitions; `call_place` numbers calls, has the primary key, and says in which partition each is.',
    columns: [
      but('callid', 'callid'), refers('countryprefixid', 'countryprefix.countryprefixid', elsewhere), refers('providerid', 'provider.providerid', elsewhere),
      refers('cardid', 'card.cardid', `${digits}; documented as an integer`), refers('tariffid', 'tariff.tariffid', elsewhere),
      ...same('channel', 'uniqueid', 'starttime', 'stoptime', 'sessiontime', 'pulsetime', 'callednumber', 'startdelay', 'stopdelay', 'terminatecause'),
      but('sessionbill', 'sessionbill', 'whole cents of the exact price in `sell_nanos`'),
    ],
  },
  { documented: 'voip_switch', service: 'cdr', table: 'voip_switch', key: ['id'], columns: same('name', 'ipaddress') },
  { documented: 'hangup_cause', service: 'cdr', table: 'hangup_cause', key: ['code'], columns: same('code', 'enumeration', 'cause', 'description') },
  { documented: 'alarm', service: 'cdr', table: 'alarm', key: ['id'], columns: [] },
  { documented: 'alert_remove_prefix', service: 'cdr', table: 'alert_remove_prefix', key: ['id'], columns: [] },
  { documented: 'alarm_report', service: 'cdr', table: 'alarm_report', key: ['id'], columns: [] },
  { documented: 'blacklist', service: 'cdr', table: 'blacklist', key: ['id'], columns: [] },
  { documented: 'whitelist', service: 'cdr', table: 'whitelist', key: ['id'], columns: [] },
];

/** Every table and column of the two documents that Tollwire implements. */
export const documentedTables: readonly DocumentedTable[] = [...cards, ...ratesAndPlans, ...providers, ...calls];
