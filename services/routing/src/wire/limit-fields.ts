import type { MessageInitShape } from '@bufbuild/protobuf';
import { type CodedRefusal, type ProviderLimits as LimitsMessage, type ProviderLimitsSchema, timeWindowMessageOf, timeWindowOf } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { type TimeWindow, zoneOf } from '@tollwire/telecom';
import { ATTESTATIONS } from '../domain/carrier-facts.ts';
import { NO_LIMITS, type ProviderLimits } from '../domain/provider-limits.ts';

const windowsMax = 50;
const million = 1_000_000;
const daySec = 86_400;
const pddMsMaxMax = 600_000;
const callsMax = 1_000_000;
const attemptsMax = 1_000_000;

/** Reads the limits of a provider; what is left out is no limit. Refuses what no carrier could mean. */
export function limitFields(message: LimitsMessage): Result<ProviderLimits, CodedRefusal> {
  const { concurrentCallsMax, callsPerSecMax, asrPpmMin, acdSecMin, pddMsMax, attemptCountMin, lockSec } = message;
  const hours = windowsOf(message.hours);
  if (!hours.ok) return hours;
  const zone = zoneOf(message.timeZone);
  if (!zone.ok) return refuse({ code: 'field_malformed', field: 'limits.timeZone', detail: 'Give an IANA name, such as Europe/Madrid' });
  const counted = {
    concurrentCallsMax: [concurrentCallsMax, callsMax], callsPerSecMax: [callsPerSecMax, callsMax],
    asrPpmMin: [asrPpmMin, million], acdSecMin: [acdSecMin, daySec], pddMsMax: [pddMsMax, pddMsMaxMax],
  } as const;
  for (const [field, [value, max]] of Object.entries(counted)) if (value !== undefined && (value < 1 || value > max)) return outOfRange(field, 1, max);
  if (attemptCountMin > attemptsMax) return outOfRange('attemptCountMin', 0, attemptsMax);
  if (lockSec > daySec) return outOfRange('lockSec', 0, daySec);
  const taken = takenFields(message);
  if (!taken.ok) return taken;
  return ok({
    ...taken.value,
    hours: hours.value, timeZone: zone.value.name, concurrentCallsMax: concurrentCallsMax ?? null, callsPerSecMax: callsPerSecMax ?? null,
    quality: {
      asrPpmMin: asrPpmMin ?? null, acdSecMin: acdSecMin ?? null, pddMsMax: pddMsMax ?? null,
      attemptCountMin: attemptCountMin || NO_LIMITS.quality.attemptCountMin, lockSec: lockSec || NO_LIMITS.quality.lockSec,
    },
  });
}

const textsMax = 1_000;
const textMax = 64;

/** Which calls it takes; what is left out is any. */
function takenFields({ attestationMin, ...lists }: LimitsMessage): Result<Pick<ProviderLimits, 'codecs' | 'attestationMin' | 'accountsOnly' | 'accountsNot'>, CodedRefusal> {
  const { codecs, accountsOnly, accountsNot } = lists;
  for (const [field, texts] of Object.entries({ codecs, accountsOnly, accountsNot })) {
    if (texts.length > textsMax) return refuse({ code: 'too_many_items', field: `limits.${field}`, detail: `Give at most ${textsMax}` });
    if (texts.some((text) => text === '' || text.length > textMax)) return refuse({ code: 'field_malformed', field: `limits.${field}`, detail: `Give texts of at most ${textMax} characters` });
  }
  const weakest = ATTESTATIONS.find((each) => each === attestationMin);
  if (attestationMin !== '' && weakest === undefined) return refuse({ code: 'field_malformed', field: 'limits.attestationMin', detail: `Give one of ${ATTESTATIONS.join(', ')}` });
  const stated = Object.fromEntries(Object.entries({ codecs, accountsOnly, accountsNot }).filter(([, texts]) => texts.length > 0));
  return ok({ ...stated, ...(weakest === undefined ? {} : { attestationMin: weakest }) });
}

function windowsOf(told: LimitsMessage['hours']): Result<TimeWindow[], CodedRefusal> {
  if (told.length > windowsMax) return refuse({ code: 'too_many_items', field: 'limits.hours', detail: `Give at most ${windowsMax}` });
  const windows: TimeWindow[] = [];
  for (const [at, message] of told.entries()) {
    const window = timeWindowOf(message);
    if (window === undefined) return refuse({ code: 'field_out_of_range', field: `limits.hours[${at}]`, detail: 'Give days and times that calendars and clocks have' });
    windows.push(window);
  }
  return ok(windows);
}

/** Limits as messages have them. */
export function limitsMessage({ hours, quality, ...limits }: ProviderLimits): MessageInitShape<typeof ProviderLimitsSchema> {
  const stated = Object.fromEntries(Object.entries({ ...limits, ...quality }).filter(([, value]) => value !== null));
  return { ...stated, hours: hours.map(timeWindowMessageOf) };
}

function outOfRange(field: string, min: number, max: number) {
  return refuse({ code: 'field_out_of_range' as const, field: `limits.${field}`, detail: `Give a number from ${min} to ${max}` });
}
