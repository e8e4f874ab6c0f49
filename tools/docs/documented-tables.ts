/** A column of the documents, under the name that it has here. */
export interface DocumentedColumn {
  readonly documented: string;
  readonly column: string;
  /** What differs from the document, and why. */
  readonly remark?: string;
}

/** A table of the documents, and the service that owns it. */
export interface DocumentedTable {
  readonly documented: string;
  readonly service: 'catalog' | 'card' | 'routing' | 'cdr';
  readonly table: string;
  readonly columns: readonly DocumentedColumn[];
  readonly remark?: string;
}

const same = (...names: string[]): DocumentedColumn[] => names.map((name) => ({ documented: name, column: name }));
const but = (documented: string, column: string, remark?: string): DocumentedColumn => ({ documented, column, ...(remark === undefined ? {} : { remark }) });

const exactRate = 'a float cannot hold a price; kept as an exact decimal';

/** Every table and column of the two documents that Tollwire implements. */
export const documentedTables: readonly DocumentedTable[] = [
  { documented: 'cardtype', service: 'card', table: 'cardtype', columns: same('cardtypeid', 'value', 'description', 'active', 'tariffid', 'lifetime', 'frequency', 'startpulse') },
  { documented: 'cid', service: 'card', table: 'cid', columns: same('cidid', 'cid', 'resellerid', 'createtime') },
  { documented: 'card', service: 'card', table: 'card', columns: same('cardid', 'cidid', 'payed', 'cardtypeid', 'resellerid', 'credit', 'activated', 'deactivated', 'expires') },
  { documented: 'reseller', service: 'card', table: 'reseller', columns: [...same('resellerid', 'username'), but('userpass', 'userpass', 'a slow salted hash, never the password')] },
  { documented: 'sale', service: 'card', table: 'sale', columns: same('saleid', 'cardid', 'saletime') },
  { documented: 'order', service: 'card', table: 'order', columns: same('orderid', 'cardid', 'ordertime') },
  { documented: 'country', service: 'catalog', table: 'country', columns: same('countrycode', 'countryname') },
  { documented: 'countryprefix', service: 'catalog', table: 'countryprefix', columns: same('countryprefixid', 'prefix', 'countrycode', 'subcode') },
  { documented: 'tariff', service: 'catalog', table: 'tariff', columns: same('tariffid', 'tariffname') },
  { documented: 'tariffrate', service: 'catalog', table: 'tariffrate', columns: [...same('tariffrateid', 'tariffid', 'countryprefixid'), but('rate', 'rate', exactRate)] },
  { documented: 'provider', service: 'routing', table: 'provider', columns: same('providerid', 'carriercode', 'providertech', 'providerip', 'providername') },
  { documented: 'providerdestination', service: 'routing', table: 'providerdestination', columns: same('providerdestinationid', 'countryprefixid', 'providerid') },
  { documented: 'providerrate', service: 'routing', table: 'providerrate', columns: [...same('providerrateid', 'providerid', 'countryprefixid'), but('rate', 'rate', exactRate)] },
  {
    documented: 'call', service: 'cdr', table: 'call',
    columns: same('callid', 'countryprefixid', 'providerid', 'cardid', 'tariffid', 'channel', 'uniqueid', 'starttime', 'stoptime', 'sessiontime', 'pulsetime',
      'callednumber', 'startdelay', 'stopdelay', 'terminatecause', 'sessionbill'),
  },
  { documented: 'voip_switch', service: 'cdr', table: 'voip_switch', columns: same('name', 'ipaddress') },
  { documented: 'hangup_cause', service: 'cdr', table: 'hangup_cause', columns: same('code', 'enumeration', 'cause', 'description') },
  {
    documented: 'user_profile', service: 'card', table: 'user_profile',
    columns: same('accountcode', 'address', 'city', 'state', 'country', 'zip_code', 'phone_no', 'fax', 'company_name', 'company_website', 'language', 'note'),
  },
  { documented: 'alarm', service: 'cdr', table: 'alarm', columns: [] },
  { documented: 'alert_remove_prefix', service: 'cdr', table: 'alert_remove_prefix', columns: [] },
  { documented: 'alarm_report', service: 'cdr', table: 'alarm_report', columns: [] },
  { documented: 'blacklist', service: 'cdr', table: 'blacklist', columns: [] },
  { documented: 'whitelist', service: 'cdr', table: 'whitelist', columns: [] },
  { documented: 'voip_plan', service: 'catalog', table: 'voip_plan', columns: [] },
  { documented: 'ban_plan', service: 'catalog', table: 'ban_plan', columns: [] },
  { documented: 'voip_plan_ban_plan', service: 'catalog', table: 'voip_plan_ban_plan', columns: [] },
  { documented: 'ban_prefix', service: 'catalog', table: 'ban_prefix', columns: same('prefix') },
  { documented: 'voip_retail_plan', service: 'catalog', table: 'voip_retail_plan', columns: [] },
  { documented: 'voip_plan_voip_retail_plan', service: 'catalog', table: 'voip_plan_voip_retail_plan', columns: [] },
  { documented: 'voip_retail_rate', service: 'catalog', table: 'voip_retail_rate', columns: same('prefix') },
  { documented: 'voip_carrier_plan', service: 'catalog', table: 'voip_carrier_plan', columns: [] },
  { documented: 'voip_carrier_rate', service: 'catalog', table: 'voip_carrier_rate', columns: same('prefix') },
  { documented: 'voip_plan_voip_carrier_plan', service: 'catalog', table: 'voip_plan_voip_carrier_plan', columns: [] },
];
