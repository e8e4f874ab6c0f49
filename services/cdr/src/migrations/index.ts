import { eventStoreGrants } from '@tollwire/event-store';
import { Call, HangupCause, VoipSwitch } from '../entities/call.entity.ts';
import { Alarm, AlarmReport, AlertRemovePrefix, Blacklist, Whitelist } from '../entities/watch.entity.ts';
import { Migration2026112101Calls } from './Migration2026112101_calls.ts';
import { Migration2026112102Watch } from './Migration2026112102_watch.ts';
import { Migration2026112103Carriers } from './Migration2026112103_carriers.ts';
import { Migration2026112811Margins } from './Migration2026112811_margins.ts';
import { Migration2026112841Closing } from './Migration2026112841_closing.ts';
import { Migration2026112842Reports } from './Migration2026112842_reports.ts';
import { Migration2026112843Alarms } from './Migration2026112843_alarms.ts';
import { Migration2026112851Lists } from './Migration2026112851_lists.ts';
import { Migration2026112852Fraud } from './Migration2026112852_fraud.ts';
import { Migration2026112861Unmaskings } from './Migration2026112861_unmaskings.ts';
import { Migration2026112862NumberKeys } from './Migration2026112862_number_keys.ts';
import { Migration2026112863Retention } from './Migration2026112863_retention.ts';
import { Migration2026112864Mail } from './Migration2026112864_mail.ts';
import { Migration2026112922ErasedNumbers } from './Migration2026112922_erased_numbers.ts';
import { Migration2026112923CausesByMinute } from './Migration2026112923_causes_by_minute.ts';
import { Migration2026112924Archive } from './Migration2026112924_archive.ts';
import { Migration2026112925ListNotices } from './Migration2026112925_list_notices.ts';
import { Migration2026112926SwitchSettings } from './Migration2026112926_switch_settings.ts';
import { Migration2026112941Partitions } from './Migration2026112941_partitions.ts';
import { Migration2026112951ErasuresEverywhere } from './Migration2026112951_erasures_everywhere.ts';
import { Migration2026112961EventPartitions } from './Migration2026112961_event_partitions.ts';
import { Migration2026112962Receipts } from './Migration2026112962_receipts.ts';
import { Migration2026112963Reroutes } from './Migration2026112963_reroutes.ts';
import { Migration2026112964AbandonedWatched } from './Migration2026112964_abandoned_watched.ts';
import { Migration2026112965ReroutesCounted } from './Migration2026112965_reroutes_counted.ts';
import { Migration2026112971Recounts } from './Migration2026112971_recounts.ts';
import { Migration2026112972FraudPayers } from './Migration2026112972_fraud_payers.ts';

/** Every step of the schema, in order. */
export const migrations = [
  ...[Migration2026112101Calls, Migration2026112102Watch, Migration2026112103Carriers, Migration2026112811Margins],
  ...[Migration2026112841Closing, Migration2026112842Reports, Migration2026112843Alarms],
  ...[Migration2026112851Lists, Migration2026112852Fraud],
  ...[Migration2026112861Unmaskings, Migration2026112862NumberKeys, Migration2026112863Retention, Migration2026112864Mail],
  ...[Migration2026112922ErasedNumbers, Migration2026112923CausesByMinute, Migration2026112924Archive],
  ...[Migration2026112925ListNotices, Migration2026112926SwitchSettings, Migration2026112941Partitions, Migration2026112951ErasuresEverywhere],
  ...[Migration2026112961EventPartitions, Migration2026112962Receipts, Migration2026112963Reroutes, Migration2026112964AbandonedWatched, Migration2026112965ReroutesCounted],
  ...[Migration2026112971Recounts, Migration2026112972FraudPayers],
] as const;

/** What the service's role may do; `:app` stands for the role. The log of call events is only ever added to, and dropped by its age. */
export const grants: readonly string[] = [
  ...eventStoreGrants,
  'GRANT SELECT, INSERT ON call_event, voip_switch, account_code TO :app',
  'GRANT SELECT, INSERT, UPDATE ON call, hangup_cause, carrier TO :app',
  'GRANT SELECT, INSERT ON call_place TO :app',
  'GRANT SELECT ON call_default, call_event_default TO :app',
  'GRANT SELECT, UPDATE ON call_past TO :app',
  'GRANT SELECT, UPDATE (archived_until) ON call_aside TO :app',
  'GRANT EXECUTE ON FUNCTION make_call_partitions(integer[], integer), set_calls_aside(bigint), forget_calls_aside(integer, integer) TO :app',
  'GRANT UPDATE (ipaddress, zone, skew_us, set_by) ON voip_switch TO :app',
  'GRANT SELECT, UPDATE ON abandon_walk TO :app',
  'GRANT SELECT, INSERT, DELETE ON report_difference TO :app',
  'GRANT SELECT, INSERT, UPDATE ON report_bucket, live_calls TO :app',
  'GRANT SELECT, UPDATE (since_us) ON report_kept_since TO :app',
  'GRANT SELECT, INSERT ON destination TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON alarm, alert_remove_prefix, blacklist, whitelist TO :app',
  'GRANT SELECT, INSERT ON alarm_report TO :app',
  'GRANT SELECT, INSERT, UPDATE ON alarm_notice TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON list_entry TO :app',
  'GRANT SELECT, INSERT, UPDATE ON list_hit TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON list_notice TO :app',
  'GRANT SELECT, INSERT, UPDATE ON fraud_rule, fraud_block TO :app',
  'GRANT SELECT, INSERT, UPDATE, DELETE ON fraud_range, fraud_call, fraud_sum, fraud_case TO :app',
  'GRANT SELECT, UPDATE ON fraud_revision TO :app',
  'GRANT SELECT, INSERT ON unmasking TO :app',
  'GRANT SELECT, INSERT, UPDATE, MAINTAIN ON number_key TO :app',
  'GRANT SELECT, INSERT, UPDATE ON number_erasure, number_erasure_service, number_erasure_place TO :app',
  'GRANT SELECT, INSERT ON erased_call TO :app',
  'GRANT EXECUTE ON FUNCTION star_call_events(uuid[], integer[], bytea, integer[], integer[]) TO :app',
  'GRANT EXECUTE ON FUNCTION drop_calls(bigint, integer), drop_archived_calls(bigint[]), drop_call_events(timestamptz, integer) TO :app',
];

/** What the service keeps in its database. */
export const schema = {
  entities: [Call, VoipSwitch, HangupCause, Alarm, AlarmReport, AlertRemovePrefix, Blacklist, Whitelist],
  migrations,
  grants,
};
