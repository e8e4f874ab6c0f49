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
  const over = [...gatewayIds.map((id) => `gateway ${id}`), ...gatewayGroupIds.map((id) => `group ${id}`)];
  const limits = `${setting === undefined ? 'without limits' : settingLine(setting)}${over.length === 0 ? '' : `; over ${over.join(', ')} only`}`;
  return suspendedAt === undefined ? limits : `suspended since ${suspendedAt}; ${limits}`;
}

const NO_RULES: Rules = { gatewayIds: [], gatewayGroupIds: [] };

/** The same, and what of it is in use. */
export function diallingLines({ rules = NO_RULES, openCalls, spentThisHour, spentToday }: Dialling): string[] {
  return [rulesLine(rules), `${openCalls} calls are up; spent ${moneyText(spentThisHour)} this hour, ${moneyText(spentToday)} today`];
}

function moneyText({ amount, currency }: { readonly amount: string; readonly currency: string }): string {
  return `${amount} ${currency}`;
}
