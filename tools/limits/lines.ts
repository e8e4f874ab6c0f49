import type { Dialling, Rules, Setting } from './replies.ts';

/** Limits in one line: only those that there are. */
export function settingLine(setting: Setting): string {
  const { name, concurrentCallsMax, callsPerSecMax, callSecMax, spendPerHourMax, spendPerDayMax, creditToCallMin, creditPolicy, sliceSec, sliceAmount } = setting;
  const slice = sliceSec > 0 ? ` of ${sliceSec} s` : sliceAmount === undefined ? '' : ` of ${moneyText(sliceAmount)}`;
  const limits = [
    ...(concurrentCallsMax > 0 ? [`${concurrentCallsMax} calls at a time`] : []),
    ...(callsPerSecMax > 0 ? [`${callsPerSecMax} calls a second`] : []),
    ...(callSecMax > 0 ? [`calls of ${callSecMax} s`] : []),
    ...(spendPerHourMax === undefined ? [] : [`${moneyText(spendPerHourMax)} an hour`]),
    ...(spendPerDayMax === undefined ? [] : [`${moneyText(spendPerDayMax)} a day`]),
  ];
  const least = creditToCallMin === undefined ? '' : `; a call begins with ${moneyText(creditToCallMin)} free`;
  return `${name}: ${limits.length === 0 ? 'no limits' : `at most ${limits.join(', ')}`}${least}; credit by ${creditPolicy}${slice}`;
}

/** How an account or the cards of a type may dial, in one line. */
export function rulesLine({ setting, suspendedAt, gatewayIds, gatewayGroupIds }: Rules): string {
  const isBound = gatewayIds.length + gatewayGroupIds.length > 0;
  const limits = `${setting === undefined ? 'without limits' : settingLine(setting)}${isBound ? `; ${gatewaysLine({ gatewayIds, gatewayGroupIds })}` : ''}`;
  return suspendedAt === undefined ? limits : `suspended since ${suspendedAt}; ${limits}`;
}

/** Over which gateways an account may call. */
export function gatewaysLine({ gatewayIds, gatewayGroupIds }: Pick<Rules, 'gatewayIds' | 'gatewayGroupIds'>): string {
  const over = [...gatewayIds.map((id) => `gateway ${id}`), ...gatewayGroupIds.map((id) => `group ${id}`)];
  return over.length === 0 ? 'over all gateways' : `over ${over.join(', ')} only`;
}

const NO_RULES: Rules = { gatewayIds: [], gatewayGroupIds: [] };

/** The same, and what of it is in use. */
export function diallingLines({ rules = NO_RULES, openCalls, spentThisHour, spentToday }: Dialling): string[] {
  return [rulesLine(rules), `${openCalls} calls are up; spent ${moneyText(spentThisHour)} this hour, ${moneyText(spentToday)} today`];
}

function moneyText({ amount, currency }: { readonly amount: string; readonly currency: string }): string {
  return `${amount} ${currency}`;
}
