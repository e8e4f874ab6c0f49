import type { Role } from '../domain/api-key.ts';

const operators = ['operator', 'admin'] as const;
const switches = ['switch', ...operators] as const;
const resellers = ['reseller', ...operators] as const;
const admins = ['admin'] as const;

/** Who may call what. A route that is not here does not start; a role that is not beside it is refused. */
export const access = {
  'POST /v1/calls/authorize': switches,
  'POST /v1/calls/events': switches,
  'POST /v1/calls/:switch/:callId/extend': switches,
  'POST /v1/calls/:switch/:callId/release': switches,
  'POST /v1/cdrs/import': switches,
  'GET /v1/cdrs/imports/:importId/errors': operators,
  'GET /v1/cdrs/export.csv': operators,
  'GET /v1/calls': operators,
  'GET /v1/calls/:switch/:callId': switches,
  'GET /v1/calls/:switch/:callId/explain': operators,
  'GET /v1/totals': operators,
  'POST /v1/quotes': switches,
  'POST /v1/routes': switches,
  'GET /v1/reratings': operators,
  'POST /v1/reratings': operators,
  'GET /v1/reratings/:reratingId': operators,
  'POST /v1/reratings/:reratingId/cancel': operators,
  'GET /v1/providers': operators,
  'POST /v1/providers': operators,
  'POST /v1/providers/:carrierCode/suspend': operators,
  'POST /v1/providers/:carrierCode/resume': operators,
  'POST /v1/provider-rates': operators,
  'GET /v1/routing-policies': operators,
  'POST /v1/routing-policies': operators,
  'POST /v1/number-plan': operators,
  'GET /v1/number-plan/:e164': operators,
  'POST /v1/tariffs': operators,
  'POST /v1/retail-plans': operators,
  'POST /v1/carrier-plans': operators,
  'POST /v1/ban-plans': operators,
  'POST /v1/voip-plans': operators,
  'GET /v1/decks': operators,
  'POST /v1/decks/import': operators,
  'GET /v1/decks/imports/:importId/errors': operators,
  'GET /v1/decks/imports/:importId/errors.csv': operators,
  'GET /v1/plans/:kind': operators,
  'GET /v1/plans/:kind/:id': operators,
  'POST /v1/plans/:kind/:id/rename': operators,
  'DELETE /v1/plans/:kind/:id': operators,
  'GET /v1/exchange-rates': operators,
  'POST /v1/exchange-rates': operators,
  'POST /v1/decks/make': operators,
  'GET /v1/decks/history': operators,
  'GET /v1/decks/:digest/diff': operators,
  'GET /v1/decks/:digest/diff/rows': operators,
  'GET /v1/decks/:digest/rates': operators,
  'GET /v1/decks/:digest/forecast': operators,
  'POST /v1/decks/:digest/approve': operators,
  'POST /v1/decks/:digest/reject': operators,
  'POST /v1/decks/rollback': operators,
  'POST /v1/decks/:digest/activate': operators,
  'POST /v1/decks/:digest/withdraw': operators,
  'POST /v1/resellers': operators,
  'POST /v1/card-types': operators,
  'POST /v1/card-batches': operators,
  'POST /v1/cards/sell': resellers,
  'POST /v1/cards/pay': operators,
  'POST /v1/cards/activate': resellers,
  'POST /v1/cards/deactivate': resellers,
  'GET /v1/cards/:cardId/balance': operators,
  'GET /v1/cards': operators,
  'GET /v1/cards/:cardId': operators,
  'POST /v1/cards/extend': operators,
  'POST /v1/cards/suspend': operators,
  'POST /v1/cards/resume': operators,
  'POST /v1/card-batches/:batchId/pins': operators,
  'POST /v1/cards/:cardId/clis': operators,
  'POST /v1/cards/:cardId/clis/release': operators,
  'GET /v1/caller-policies': operators,
  'POST /v1/caller-policies': operators,
  'GET /v1/caller-addresses': operators,
  'POST /v1/caller-addresses': operators,
  'DELETE /v1/caller-addresses/:address': operators,
  'POST /v1/accounts': operators,
  'GET /v1/accounts/:accountCode/balance': operators,
  'POST /v1/credits': operators,
  'GET /v1/cards/:cardId/statement': operators,
  'GET /v1/accounts/:accountCode/statement': operators,
  'GET /v1/ledger/:ledgerAccount/statement': operators,
  'GET /v1/cards/:cardId/reservations': operators,
  'GET /v1/accounts/:accountCode/reservations': operators,
  'GET /v1/cards/:cardId/payments': operators,
  'GET /v1/accounts/:accountCode/payments': operators,
  'POST /v1/payments': operators,
  'POST /v1/payments/:provider/:paymentId/reversals': operators,
  'POST /v1/commissions': operators,
  'POST /v1/credit-proposals': operators,
  'GET /v1/credit-proposals': operators,
  'POST /v1/credit-proposals/:transferId/approve': operators,
  'POST /v1/credit-proposals/:transferId/reject': operators,
  'POST /v1/low-balance': operators,
  'POST /v1/vouchers': operators,
  'POST /v1/vouchers/redeem': switches,
  'GET /v1/vouchers/:batchId': operators,
  'POST /v1/vouchers/:batchId/void': operators,
  'POST /v1/dialer-settings': operators,
  'GET /v1/dialer-settings': operators,
  'POST /v1/accounts/:accountCode/dialer-setting': operators,
  'POST /v1/accounts/:accountCode/suspend': operators,
  'POST /v1/accounts/:accountCode/resume': operators,
  'GET /v1/accounts/:accountCode/dialling': operators,
  'POST /v1/card-types/:cardTypeId/dialer-setting': operators,
  'GET /v1/cards/:cardId/dialling': operators,
  'POST /v1/allowance-bundles': operators,
  'GET /v1/allowance-bundles': operators,
  'POST /v1/allowance-grants': operators,
  'GET /v1/allowance-grants': operators,
  'GET /v1/cards/:cardId/allowances': operators,
  'GET /v1/accounts/:accountCode/allowances': operators,
  'GET /v1/switches': operators,
  'POST /v1/switches/:switchId/restarted': switches,
  'GET /v1/reports/traffic': operators,
  'GET /v1/reports/live': operators,
  'GET /v1/alarms': operators,
  'POST /v1/alarms': operators,
  'POST /v1/alarms/backtest': operators,
  'POST /v1/alarms/:alarmId/status': operators,
  'GET /v1/alarms/:alarmId/reports': operators,
  'GET /v1/lists/:list': operators,
  'POST /v1/lists/:list': operators,
  'POST /v1/lists/:list/remove': operators,
  'GET /v1/dead-letters/:service': operators,
  'POST /v1/dead-letters/:service/redrive': operators,
  'GET /v1/api-keys': admins,
  'POST /v1/api-keys': admins,
  'DELETE /v1/api-keys/:keyId': admins,
} as const satisfies Record<`${string} /v1/${string}`, readonly Role[]>;

const patterns = Object.keys(access).map((route) => {
  const [method = '', path = ''] = route.split(' ');
  return { method, path: new RegExp(`^${path.replaceAll(/:\w+/g, '[^/]+')}$`) };
});

/** The roles that may call a route; undefined for one that the table does not know. HEAD is GET without the body. */
export function rolesOf(method: string, path: string): readonly Role[] | undefined {
  const route = `${method === 'HEAD' ? 'GET' : method} ${path}`;
  return isListed(route) ? access[route] : undefined;
}

/** The methods that a URL takes; none where there is nothing under it. */
export function allowedMethods(url: string): string[] {
  const path = url.split('?', 1)[0] ?? '';
  return patterns.filter((pattern) => pattern.path.test(path)).map((pattern) => pattern.method);
}

function isListed(route: string): route is keyof typeof access {
  return Object.hasOwn(access, route);
}
