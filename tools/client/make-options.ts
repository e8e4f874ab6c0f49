import { Misuse } from '../cli/stop.ts';

/** The options of `./tollwire deck make`. */
export const makeOptions = {
  'carriers': { type: 'string' }, 'from-rates': { type: 'string' }, 'average': { type: 'string' }, 'margin-percent': { type: 'string' }, 'margin': { type: 'string' },
  'margin-min': { type: 'string' }, 'floor': { type: 'string' }, 'step': { type: 'string' }, 'rounding': { type: 'string' }, 'increments': { type: 'string' },
  'connect-fee': { type: 'string' }, 'policy': { type: 'string' }, 'at': { type: 'string' },
} as const;

export type MakeValues = { readonly [Option in keyof typeof makeOptions]?: string | undefined };

/** How a version is to be made, as the API takes it. */
export function makeBody(values: MakeValues): object {
  if (values.carriers === undefined) throw new Misuse('Say from which carrier plans: --carriers 3,4');
  const stated = {
    carrierPlanIds: values.carriers.split(',').map((id) => wholeOf('--carriers', id)),
    madeFrom: values['from-rates'],
    averageCount: values.average === undefined ? undefined : wholeOf('--average', values.average),
    marginPercent: values['margin-percent'],
    margin: values.margin,
    marginMin: values['margin-min'],
    floor: values.floor,
    step: values.step,
    roundingMode: values.rounding,
    increments: values.increments === undefined ? undefined : incrementsOf(values.increments),
    connectFee: values['connect-fee'],
    policy: values.policy,
    at: values.at,
  };
  return Object.fromEntries(Object.entries(stated).filter(([, value]) => value !== undefined));
}

function incrementsOf(text: string): object {
  const [, initial = '', increment = ''] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  if (initial === '') throw new Misuse(`--increments takes seconds as 30/6, not "${text}".`);
  return { initialSec: Number(initial), incrementSec: Number(increment) };
}

function wholeOf(option: string, text: string): number {
  if (!/^\s*[1-9]\d{0,9}\s*$/.test(text)) throw new Misuse(`${option} takes whole numbers, not "${text}".`);
  return Number(text);
}
