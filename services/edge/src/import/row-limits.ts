import type { CallEnded, CodedRefusal } from '@tollwire/contracts';

/** How long texts may be, as everywhere at the door (`http/primitives.ts`). */
const lengthMax = { switchId: 64, callId: 255, account: 64, cli: 64, calledNumber: 64, routingNumber: 64, carrierCode: 32, channel: 255 } as const;

const control = /\p{Cc}/u;

/**
 * What of a row has another form than a switch that tells of calls one by one may send: a text that is too long, or holds control characters.
 * By hand, because a schema would take as long as all else that is done with a row. A number that cannot be dialled (`s`, `anonymous`) is none
 * of that: its call is recorded, and not rated.
 */
export function misfitIn({ call, charged, cli, calledNumber, routingNumber, carrierCode, channel, attempts }: CallEnded): CodedRefusal | undefined {
  const account = charged?.party.value ?? '';
  const texts = { switchId: call?.switchId ?? '', callId: call?.callId ?? '', account, cli, calledNumber, routingNumber, carrierCode: carrierCode || (attempts[0]?.carrierCode ?? ''), channel };
  let all = '';
  for (const name of names) {
    const text = texts[name];
    if (text.length > lengthMax[name]) return { code: 'field_out_of_range', field: name, detail: `${name} is longer than ${lengthMax[name]} characters.` };
    all += text;
  }
  if (!control.test(all)) return undefined;
  const field = names.find((name) => control.test(texts[name])) ?? 'callId';
  return { code: 'field_malformed', field, detail: `${field} must not hold control characters.` };
}

const names = ['switchId', 'callId', 'account', 'cli', 'calledNumber', 'routingNumber', 'carrierCode', 'channel'] as const;
