import { describe, expect, it } from '@jest/globals';
import { alarmLine, runLine } from './lines.ts';
import { alarmBody } from './options.ts';

describe('the options of an alarm', () => {
  it('are the terms that the door takes', () => {
    expect(alarmBody({ type: 'ASR', 'less-than': '40', by: 'carrier', value: 'N' })).toMatchObject({ type: 'ASR', condition: 'less_than', threshold: '40', dimension: 'carrier', value: 'N' });
    expect(alarmBody({ type: 'TRAFFIC', increase: '50%', against: 'weekday', 'calls-min': '0' })).toMatchObject({ condition: 'percentage_increase_by_more_than',
      threshold: '50', comparedWith: 'same_day_in_pre_week', callsMin: 0 });
    expect(alarmBody({ type: 'COST', decrease: '5', currency: 'EUR' })).toMatchObject({ condition: 'decrease_by_more_than', threshold: '5', currency: 'EUR' });
  });

  it('say what is missing', () => {
    expect(() => alarmBody({ type: 'ASR' })).toThrow('--less-than');
    expect(() => alarmBody({ type: 'ASR', 'less-than': '1', increase: '2' })).toThrow('by one of');
    expect(() => alarmBody({ type: 'ASR', increase: '2', against: 'never' })).toThrow('yesterday');
    expect(() => alarmBody({ type: 'ASR', increase: '2', 'calls-min': 'x' })).toThrow('--calls-min');
  });
});

describe('a line', () => {
  it('says what an alarm is and what it found', () => {
    const terms = { name: 'low', period: 'hour', type: 'ASR', alertCondition: 'decrease_by_more_than', alertValue: '5', alertConditionAddOn: 'rolling',
      dimension: 'carrier', value: 'N', currency: '', webhookUrl: '' };
    expect(alarmLine({ id: 3, status: 'active', terms })).toBe('3 low (active): ASR of carrier N by hour decrease_by_more_than 5 against rolling');
    const run = { from: '2026-03-01T12:00:00.000000Z', until: '2026-03-01T13:00:00.000000Z', fired: true, status: 'alarm_sent', measured: '40', threshold: '5',
      baseline: '50', subject: '', notice: 'sent' };
    expect(runLine(run)).toBe('2026-03-01T12:00 to 2026-03-01T13:00  FIRED  measured 40, threshold 5, 50 before, notice sent');
    expect(runLine({ ...run, status: 'no_data', measured: '' })).toContain('no data (threshold 5)');
  });
});
