import { Misuse } from '../cli/stop.ts';

const texts = ['name', 'address', 'tech', 'addPrefix', 'portability'];
const numbers = ['stripDigits', 'timeoutSec', 'priority', 'weight'];

/** `name=vienna,address=sip1.example,groups=gold+silver` as the API takes a gateway. Stops where a part cannot be read. */
export function gatewayOf(text: string): Record<string, unknown> {
  return Object.fromEntries(text.split(',').map((part): [string, unknown] => {
    const [name = '', ...rest] = part.split('=');
    const value = rest.join('=');
    if (texts.includes(name)) return [name, value];
    if (numbers.includes(name) && /^\d{1,9}$/.test(value)) return [name, Number(value)];
    if (name === 'callerId') return [name, callerIdOf(value)];
    if (name === 'groups') return [name, value.split('+')];
    if (name === 'suspended' && (value === 'true' || value === 'false')) return [name, value === 'true'];
    throw new Misuse(`--gateway takes parts such as name=vienna,address=sip1.example,groups=gold+silver, not "${part}".`);
  }));
}

/** `withhold`, `replace:431234567` or `digits:2:0`, which strips 2 and adds a 0. */
function callerIdOf(text: string): Record<string, unknown> {
  const [rule = '', first = '', addPrefix = '', ...more] = text.split(':');
  if ((rule === 'keep' || rule === 'withhold') && text === rule) return { rule };
  if (rule === 'replace' && text === `replace:${first}`) return { rule, number: first };
  if (rule === 'digits' && /^\d{1,2}$/.test(first) && more.length === 0) return { rule, stripDigits: Number(first), addPrefix };
  throw new Misuse(`callerId takes keep, withhold, replace:NUMBER or digits:STRIP:ADD, such as digits:2:0, not "${text}".`);
}
