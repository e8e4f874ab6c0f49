import type { Alarm, AlarmRun } from './replies.ts';

/** An alarm in one line: what it measures where, and when it fires. */
export function alarmLine({ id, status, terms }: Alarm): string {
  const where = terms.dimension === 'all' ? '' : ` of ${terms.dimension} ${terms.value}`;
  const than = /_by_more_than$/.test(terms.alertCondition) ? ` against ${terms.alertConditionAddOn}` : '';
  const unit = terms.currency === '' ? '' : ` ${terms.currency}`;
  const told = terms.webhookUrl === '' ? '' : `, tells ${terms.webhookUrl}`;
  return `${id} ${terms.name} (${status}): ${terms.type}${where} by ${terms.period} ${terms.alertCondition} ${terms.alertValue}${unit}${than}${told}`;
}

/** A run in one line; without data it says so. */
export function runLine({ from, until, fired, status, measured, threshold, baseline, subject, notice }: AlarmRun): string {
  const span = `${from.slice(0, 16)} to ${until.slice(0, 16)}`;
  const before = baseline === '' ? '' : `, ${baseline} before`;
  if (status === 'no_data') return `${span}  no data (threshold ${threshold}${measured === '' ? '' : `, measured ${measured}`})`;
  const by = subject === '' ? '' : ` on ${subject}`;
  return `${span}  ${fired ? 'FIRED' : 'quiet'}  measured ${measured}${by}, threshold ${threshold}${before}${notice === 'none' ? '' : `, notice ${notice}`}`;
}
