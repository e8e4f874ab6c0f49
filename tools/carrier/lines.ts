import { columns } from '../cli/paint.ts';
import type { CallerId, Limits, Measured, NamedGateway, Provider } from './replies.ts';

const DAYS = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'];

/** A carrier in one line: where it is, its priority, whether it is in routes, and its limits. */
export function carrierLine({ carrierCode, name, active, priority, gateway, limits }: Provider): string {
  return `${carrierCode} (${name}) at ${gateway?.address ?? ''}, priority ${priority}${active ? '' : ', suspended'}; ${limits === undefined ? 'no limits' : limitsText(limits)}`;
}

/** A gateway of a carrier in one line, with the ids by which accounts are allowed to use it. */
export function gatewayLine({ name, gateway, gatewayId, groups, groupIds, priority, weight, suspended }: NamedGateway): string {
  const within = groups.length === 0 ? '' : `, in ${groups.map((group, at) => `${group} (${groupIds[at]})`).join(', ')}`;
  return `gateway ${gatewayId} ${name} at ${gateway?.address ?? ''}, priority ${priority}, weight ${weight}${suspended ? ', suspended' : ''}${within}${callerIdText(gateway?.callerId)}`;
}

/** The caller id that the switch presents there, where it is not the caller's. */
function callerIdText(callerId: CallerId | undefined): string {
  switch (callerId?.rule) {
    case undefined:
      return '';
    case 'replace':
      return `, caller id ${callerId.number}`;
    case 'digits':
      return `, caller id without its first ${callerId.stripDigits} digits${callerId.addPrefix === '' ? '' : ` and with ${callerId.addPrefix} before it`}`;
    default:
      return ', caller id withheld';
  }
}

/** Limits in words; those of quality with what is done about a carrier below them. */
export function limitsText({ hours, timeZone, concurrentCallsMax, callsPerSecMax, codecs, attestationMin, accountsOnly, accountsNot, ...quality }: Limits): string {
  const told = [
    ...(hours.length === 0 ? [] : [`open ${hours.map(windowText).join(', ')} (${timeZone})`]),
    ...(concurrentCallsMax === undefined ? [] : [`at most ${concurrentCallsMax} calls at once`]),
    ...(callsPerSecMax === undefined ? [] : [`at most ${callsPerSecMax} calls a second`]),
    ...(codecs.length === 0 ? [] : [`codecs ${codecs.join(', ')}`]),
    ...(attestationMin === '' ? [] : [`attestation ${attestationMin} or better`]),
    ...(accountsOnly.length === 0 ? [] : [`only for ${accountsOnly.join(', ')}`]),
    ...(accountsNot.length === 0 ? [] : [`not for ${accountsNot.join(', ')}`]),
    ...qualityTexts(quality),
  ];
  return told.length === 0 ? 'no limits' : told.join('; ');
}

function qualityTexts({ asrPpmMin, acdSecMin, pddMsMax, attemptCountMin, lockSec }: Pick<Limits, 'asrPpmMin' | 'acdSecMin' | 'pddMsMax' | 'attemptCountMin' | 'lockSec'>): string[] {
  const told = [
    ...(asrPpmMin === undefined ? [] : [`ASR at least ${asrPpmMin / 10_000} %`]),
    ...(acdSecMin === undefined ? [] : [`ACD at least ${acdSecMin} s`]),
    ...(pddMsMax === undefined ? [] : [`PDD at most ${pddMsMax} ms`]),
  ];
  return told.length === 0 ? [] : [...told, `over at least ${attemptCountMin} attempts, else locked for ${lockSec} s`];
}

function windowText({ weekdays, fromSec, untilSec }: Limits['hours'][number]): string {
  const days = weekdays.map((day) => DAYS[day - 1]).join(',');
  return `${days}${days === '' ? '' : ' '}${clock(fromSec)}-${clock(untilSec)}`;
}

function clock(sec: number): string {
  const parts = [Math.floor(sec / 3600), Math.floor(sec / 60) % 60, ...(sec % 60 === 0 ? [] : [sec % 60])];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}

/** What is measured of carriers, as a table. */
export function measuredLines({ windowSec, qualities, capacities, balances }: Measured): string[] {
  const used = [...capacities.map(capacityLine), ...balances.map(balanceLine)];
  if (qualities.length === 0) return [`no attempt ended within ${windowSec} s`, ...used];
  const figure = (value: number | undefined) => (value === undefined ? '-' : String(value));
  const lines = qualities.map(({ carrierCode, destination, attemptCount, asrPercent, nerPercent, acdSec, pddMs, lockedUntil, lockedFor }) => [
    carrierCode, destination === '' ? 'all' : `+${destination}`, String(attemptCount), figure(asrPercent), figure(nerPercent), figure(acdSec), figure(pddMs),
    lockedUntil === undefined ? '' : `locked until ${lockedUntil}: ${lockedFor}`,
  ]);
  return [columns(['carrier', 'to', 'attempts', 'ASR %', 'NER %', 'ACD s', 'PDD ms', ''], lines), ...used];
}

/** What a carrier has left, and what of it was stated and used up. */
export function balanceLine({ carrierCode, stated, statedAt, spent, left }: Measured['balances'][number]): string {
  return `${carrierCode} has ${left.amount} ${left.currency} left: ${stated.amount} as of ${statedAt}, less ${spent.amount} for calls since`;
}

function capacityLine({ carrierCode, concurrentCalls, concurrentCallsMax, callsPerSec, callsPerSecMax }: Measured['capacities'][number]): string {
  const of = (max: number | undefined) => (max === undefined ? '' : ` of ${max}`);
  return `${carrierCode} has ${concurrentCalls}${of(concurrentCallsMax)} calls at once, ${callsPerSec}${of(callsPerSecMax)} begun in this second`;
}
