import type { CallerIdRule as CallerIdMessage, CodedRefusal, NamedGateway as NamedGatewayMessage, RegisterProviderRequest } from '@tollwire/contracts';
import { ok, refuse, type Result } from '@tollwire/core';
import { PORTABILITY_FORMS } from '@tollwire/telecom';
import type { CallerIdRule } from '../domain/caller-id.ts';
import type { Gateway, NamedGateway, ProviderTerms } from '../domain/provider.ts';

const textMax = 255;
const stripDigitsMax = 15;
const timeoutSecMax = 300;
const timeoutSecDefault = 30;
const priorityMax = 2 ** 31 - 1;
// A control character would be dialled or printed badly; PostgreSQL refuses NUL altogether.
const controlCharacter = /[\u0000-\u001f\u007f]/;

type Registered = Pick<RegisterProviderRequest, 'carrierCode' | 'name' | 'priority'>;

/** Whom a provider is known as; the code stands for a name that is not given. Refuses what its table could not keep. */
export function providerFields({ carrierCode, name, priority }: Registered): Result<Omit<ProviderTerms, 'gateway'>, CodedRefusal> {
  if (carrierCode === '') return missing('carrierCode');
  if (!isText(carrierCode)) return malformed('carrierCode');
  if (!isText(name)) return malformed('name');
  if (priority > priorityMax) return outOfRange('priority', 0, priorityMax);
  return ok({ carrierCode, name: name || carrierCode, priority });
}

/** Where a provider takes calls: SIP and 30 s where nothing else is said. Refuses what its table could not keep. */
export function gatewayFields(gateway: RegisterProviderRequest['gateway']): Result<Gateway, CodedRefusal> {
  if (gateway === undefined || gateway.address === '') return missing('gateway.address');
  const { address, tech, stripDigits, addPrefix, timeoutSec } = gateway;
  for (const [field, text] of Object.entries({ address, tech, addPrefix })) if (!isText(text)) return malformed(`gateway.${field}`);
  if (stripDigits > stripDigitsMax) return outOfRange('gateway.stripDigits', 0, stripDigitsMax);
  if (timeoutSec > timeoutSecMax) return outOfRange('gateway.timeoutSec', 1, timeoutSecMax);
  const portability = PORTABILITY_FORMS.find((form) => form === gateway.portability);
  if (portability === undefined) return refuse({ code: 'field_malformed', field: 'gateway.portability', detail: 'Say rn, or prefix, or nothing' });
  const callerId = callerIdRule(gateway.callerId);
  if (!callerId.ok) return callerId;
  return ok({
    address, tech: tech || 'SIP', stripDigits, addPrefix, timeoutSec: timeoutSec || timeoutSecDefault,
    ...(portability === '' ? {} : { portability }), ...(callerId.value === undefined ? {} : { callerId: callerId.value }),
  });
}

const callerIdRules = ['keep', 'replace', 'digits', 'withhold'] as const;

/** Which caller id a gateway wants; undefined: the caller's, as it is. Refuses what no switch could present, and what the rule would never look at. */
function callerIdRule(message: CallerIdMessage | undefined): Result<CallerIdRule | undefined, CodedRefusal> {
  if (message === undefined) return ok(undefined);
  const { number, stripDigits, addPrefix } = message;
  const rule = callerIdRules.find((each) => each === (message.rule || 'keep'));
  const refused = (field: string, detail: string) => refuse({ code: 'field_malformed' as const, field: `gateway.callerId.${field}`, detail });
  if (rule === undefined) return refused('rule', `Give one of ${callerIdRules.join(', ')}`);
  if (rule !== 'replace' && number !== '') return refused('number', 'Give a number where the rule is replace');
  if (rule !== 'digits' && (stripDigits !== 0 || addPrefix !== '')) return refused(stripDigits === 0 ? 'addPrefix' : 'stripDigits', 'Give digits where the rule is digits');
  if (rule === 'keep') return ok(undefined);
  if (rule === 'withhold') return ok({ rule });
  if (rule === 'replace') return /^\+?\d{1,20}$/.test(number) ? ok({ rule, number }) : refused('number', 'Give 1 to 20 digits, a + before them if they want one');
  if (stripDigits > stripDigitsMax) return outOfRange('gateway.callerId.stripDigits', 0, stripDigitsMax);
  return /^\+?\d{0,16}$/.test(addPrefix) ? ok({ rule, stripDigits, addPrefix }) : refused('addPrefix', 'Give at most 16 digits, a + before them if they want one');
}

const gatewaysMax = 100;
const nameMax = 64;
const weightMax = 1_000_000;

/** A gateway as it is stated: its groups are still names. */
export type StatedNamedGateway = Omit<NamedGateway, 'gatewayId' | 'groupIds'> & { readonly groups: readonly string[] };

/** Several gateways of a provider, each with a name of its own. */
export function namedGatewayFields(messages: readonly NamedGatewayMessage[]): Result<StatedNamedGateway[], CodedRefusal> {
  if (messages.length > gatewaysMax) return refuse({ code: 'too_many_items', field: 'gateways', detail: `Give at most ${gatewaysMax}` });
  const stated: StatedNamedGateway[] = [];
  for (const [at, { name, gateway, priority, weight, suspended, groups }] of messages.entries()) {
    const path = `gateways[${at}]`;
    if (name === '' || name.length > nameMax || !isText(name)) return refuse({ code: 'field_malformed', field: `${path}.name`, detail: `Give a name of at most ${nameMax} characters` });
    if (stated.some((other) => other.name === name)) return refuse({ code: 'conflict', field: `${path}.name`, detail: `Gateway ${name} is given twice` });
    if (priority > priorityMax) return outOfRange(`${path}.priority`, 0, priorityMax);
    if (weight > weightMax) return outOfRange(`${path}.weight`, 0, weightMax);
    if (groups.length > gatewaysMax || groups.some((group) => group === '' || group.length > nameMax || !isText(group))) return malformed(`${path}.groups`);
    const read = gatewayFields(gateway);
    if (!read.ok) return refuse({ ...read.refusal, field: `${path}.${read.refusal.field ?? ''}` });
    stated.push({ ...read.value, name, priority, weight, active: !suspended, groups: [...new Set(groups)] });
  }
  return ok(stated);
}

function isText(text: string): boolean {
  return text.length <= textMax && !controlCharacter.test(text);
}

function missing(field: string) {
  return refuse({ code: 'field_missing' as const, field });
}

function malformed(field: string) {
  return refuse({ code: 'field_malformed' as const, field, detail: `Give at most ${textMax} printable characters` });
}

function outOfRange(field: string, min: number, max: number) {
  return refuse({ code: 'field_out_of_range' as const, field, detail: `Give a number from ${min} to ${max}` });
}
