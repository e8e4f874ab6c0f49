import { Misuse } from '../cli/stop.ts';

/** What the command line says of a card type, as it was written. */
export interface CardTypeOptions {
  readonly value?: string | undefined;
  readonly currency?: string | undefined;
  readonly tariff?: string | undefined;
  readonly days?: string | undefined;
  readonly from?: string | undefined;
  readonly until?: string | undefined;
  readonly 'on-use'?: boolean | undefined;
  readonly pulse?: string | undefined;
  readonly 'first-pulse'?: string | undefined;
  readonly 'incoming-leg'?: boolean | undefined;
  readonly inactive?: boolean | undefined;
}

/** The body of a new card type; stops where it does not say what it must. */
export function cardTypeBody(description: string | undefined, options: CardTypeOptions): Record<string, unknown> {
  const { value: amount, currency, tariff, pulse, 'first-pulse': firstPulse } = options;
  if (description === undefined || amount === undefined || currency === undefined || tariff === undefined) {
    throw new Misuse('Say what it is: ./tollwire cardtype create "Ten euros" --value 10.00 --currency EUR --tariff 1');
  }
  return {
    description, value: { amount, currency }, tariffId: wholeOf('--tariff', tariff), ...lifeOf(options),
    ...(options['on-use'] === true ? { activatesOnUse: true } : {}),
    ...(pulse === undefined ? {} : { frequencySec: wholeOf('--pulse', pulse) }),
    ...(firstPulse === undefined ? {} : { startpulseSec: wholeOf('--first-pulse', firstPulse) }),
    ...(options['incoming-leg'] === true ? { pulsePolicy: 'incoming_leg' } : {}),
    ...(options.inactive === true ? { active: false } : {}),
  };
}

/** The number of a card type that is named. */
export function cardTypeIdOf(text: string | undefined, action: string): string {
  if (text === undefined || !/^[1-9]\d{0,9}$/.test(text)) throw new Misuse(`Name the card type by its number: ./tollwire cardtype ${action} 5; ./tollwire cardtype list shows them.`);
  return text;
}

function lifeOf({ days, from, until }: CardTypeOptions): Record<string, unknown> {
  if (until !== undefined && (days !== undefined || from !== undefined)) throw new Misuse('A card ends at an instant, --until, or after days, --days: say one of them.');
  if (until !== undefined) return { expiresFrom: 'date', expiresAt: until };
  if (days === undefined && from !== undefined) throw new Misuse('Say how long it lives from then: --days N');
  return days === undefined ? {} : { lifetimeDays: wholeOf('--days', days), ...(from === undefined ? {} : { expiresFrom: from }) };
}

function wholeOf(option: string, text: string): number {
  if (!/^[1-9]\d{0,9}$/.test(text)) throw new Misuse(`${option} takes a whole number above zero, not "${text}".`);
  return Number(text);
}
