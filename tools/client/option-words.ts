/** What the API says for programs, and how the command line says it: the same thing is an option here. */
const words: readonly (readonly [api: string, option: string])[] = [
  ['name the columns when the import begins', 'name the columns with --map, or with --columns where there is no header'],
  ['Name a window that was said when the import began', 'Name a window of --windows'],
  ['Ask with renew to make others', 'Ask with --renew to make others'],
  ['The upload must name the switch', 'Name the switch with --switch'],
  ['Ask again once its end was told', 'It is rated once its end was told'],
];

/** What to do after a refusal, where the API cannot know it. */
const nextSteps: Readonly<Record<string, string>> = {
  own_proposal: 'Somebody else approves it, with a key of their own in TOLLWIRE_API_KEY (./tollwire --help).',
  approval_needed: './tollwire account propose proposes it; ./tollwire account approve is for somebody else.',
  unknown_call: './tollwire cdr search finds calls by account, card, carrier or number.',
  unknown_card_type: './tollwire cardtype list shows those that there are; ./tollwire cardtype create makes one.',
  unknown_plan: './tollwire plan list tariff (or retail, carrier, ban, voip) shows those that there are; ./tollwire plan --help says how one is created.',
  unknown_provider_rate: './tollwire carrier rates shows what a carrier offers directly.',
};

/** The same text in the words of the command line. */
export function inOptions(text: string): string {
  return words.reduce((told, [api, option]) => told.replace(api, option), text);
}

/** What was refused, with the field at fault: by its option, where the command line has one for it. */
export function withField(told: string, field: string, option: string | undefined): string {
  const [from, to] = [`: ${field} `, `: --${option} `];
  if (option !== undefined && told.includes(from)) return told.replace(from, to);
  const [, sentence = '', stop = ''] = /^(.*?)(\.?)$/s.exec(told) ?? [];
  return `${sentence} (${option === undefined ? `field ${field}` : `--${option}`})${stop}`;
}

/** What was refused, with the step after it as a sentence behind it. */
export function withNextStep(told: string, code: string): string {
  const step = nextSteps[code];
  return step === undefined ? told : `${told.replace(/\.$/, '')}. ${step}`;
}

/** What this file relies on others to say. */
export const reliedOn = { texts: words.map(([api]) => api), codes: Object.keys(nextSteps) };
