import type { Asked } from './asked-of-rating.fixture.ts';

/** The routes about traffic that cdr answers. */
export const askedOfWatch: readonly Asked[] = [
  [
    'GET /v1/reports/traffic?by=carrier&step=day&from=2026-01-01T00:00:00Z&until=2026-01-02T00:00:00Z&compareFrom=2025-12-31T00:00:00Z',
    undefined,
    'cdr',
    'trafficReport',
    { groupBy: 'carrier', step: 'day', fromUs: 1_767_225_600_000_000n, untilUs: 1_767_312_000_000_000n, value: '', compareFromUs: 1_767_139_200_000_000n },
    { rows: [{ atUs: 1_767_225_600_000_000n, value: 'N', figures: { callCount: 3n, asrPercent: 66.667, money: [{ currency: 'EUR', sellNanos: 1_500_000_000n, buyNanos: 0n,
      marginNanos: 1_500_000_000n }] }, compared: {} }] },
    { rows: [{ at: '2026-01-01T00:00:00.000000Z', value: 'N', figures: { callCount: 3, asrPercent: 66.667, money: [{ currency: 'EUR', sell: '1.50', margin: '1.50' }] },
      compared: { callCount: 0 } }] },
  ],
  [
    'POST /v1/alarms',
    { name: 'low ASR', type: 'ASR', threshold: '40.5', dimension: 'carrier', value: 'N', webhookUrl: 'https://noc.example/', webhookSecret: '0123456789abcdef' },
    'cdr',
    'defineAlarm',
    {
      terms: { name: 'low ASR', period: 'day', type: 'ASR', alertCondition: 'less_than', alertValue: '40.5', alertConditionAddOn: 'same_day', dimension: 'carrier', value: 'N', callsMin: 1 },
      webhookSecret: '0123456789abcdef',
      by: 'admin:bootstrap',
    },
    { id: 7, status: 'active', terms: { name: 'low ASR' } },
    { id: 7, status: 'active', terms: { name: 'low ASR' } },
  ],
  ['GET /v1/alarms', undefined, 'cdr', 'listAlarms', {}, { alarms: [{ id: 7 }] }, { alarms: [{ id: 7 }] }],
  [
    'POST /v1/alarms/backtest',
    { type: 'MARGIN', threshold: '-1', currency: 'EUR', from: '2026-01-01T00:00:00Z', until: '2026-01-02T00:00:00Z' },
    'cdr',
    'backtestAlarm',
    { terms: { name: 'back-test', type: 'MARGIN', alertValue: '-1', currency: 'EUR' }, fromUs: 1_767_225_600_000_000n, untilUs: 1_767_312_000_000_000n },
    { firedCount: 1, runs: [{ fired: true, measured: '-2' }] },
    { firedCount: 1, runs: [{ fired: true, measured: '-2' }] },
  ],
  ['POST /v1/alarms/7/status', { status: 'inactive' }, 'cdr', 'setAlarmStatus', { id: 7, status: 'inactive' }, { id: 7 }, { id: 7 }],
  ['DELETE /v1/alarms/7', undefined, 'cdr', 'deleteAlarm', { id: 7 }, {}, {}],
  ['GET /v1/alarms/7/reports', undefined, 'cdr', 'listAlarmReports', { id: 7 }, { runs: [{ status: 'no_data', threshold: '60' }] }, { runs: [{ status: 'no_data', threshold: '60', fired: false }] }],
  [
    'POST /v1/switches/sw%2F1/restarted',
    { at: '2026-03-14T12:00:00Z' },
    'cdr',
    'restartSwitch',
    { switchId: 'sw/1', atUs: 1_773_489_600_000_000n },
    { abandonedCount: 3 },
    { abandonedCount: 3 },
  ],
];
