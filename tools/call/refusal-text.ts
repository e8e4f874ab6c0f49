import { isRefusalCode, refusals } from '@tollwire/contracts';
import { formatNanos } from '@tollwire/telecom';
import { z } from 'zod';

/** A refusal as it was kept with a call; what else the door tells of it is kept for programs. */
export const keptRefusal = z.looseObject({ code: z.string(), detail: z.string().default(''), facts: z.record(z.string(), z.string()).default({}) });

type KeptRefusal = Pick<z.infer<typeof keptRefusal>, 'code' | 'detail' | 'facts'>;

/** Why a call was refused, for people: the detail, which has the facts in it, or else what its code says with the facts, and what to do. */
export function refusalText({ code, detail, facts }: KeptRefusal): string {
  if (detail !== '') return detail;
  const told = Object.entries(facts).map(([name, value]) => factText(name, value)).join(', ');
  if (!isRefusalCode(code)) return told;
  const { title, next } = refusals[code];
  return `${title}${told === '' ? '' : ` (${told})`}. ${next}`;
}

/** `availableNanos` as `available 0.25`, and `sinceUs` as an instant. */
function factText(name: string, value: string): string {
  const [, bare = name, unit = ''] = /^(.+?)(Nanos|Us)(?=Min$|Max$|$)/.exec(name) ?? [];
  const words = `${bare}${name.slice(bare.length + unit.length)}`.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return `${words} ${/^-?\d{1,19}$/.test(value) ? inUnit(BigInt(value), unit) : value}`;
}

function inUnit(value: bigint, unit: string): string {
  if (unit === 'Nanos') return formatNanos(value);
  const ms = Number(value) / 1000;
  return unit === 'Us' && Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : String(value);
}
