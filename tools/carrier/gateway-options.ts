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
    if (name === 'groups') return [name, value.split('+')];
    if (name === 'suspended' && (value === 'true' || value === 'false')) return [name, value === 'true'];
    throw new Misuse(`--gateway takes parts such as name=vienna,address=sip1.example,groups=gold+silver, not "${part}".`);
  }));
}
