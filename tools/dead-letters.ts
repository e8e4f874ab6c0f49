import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { type ServiceName, serviceNames } from './cli/project.ts';
import { Misuse, Stop } from './cli/stop.ts';
import { tell, type Told } from './cli/told.ts';
import { runningApi } from './client/connect.ts';
import { type DeadLetter, deadLetters, letterLine, letterLines, reasonLines } from './dead-letters/letters.ts';

export const summary = 'shows events that services could not take, and tries them again';

export const help = `
./tollwire dead-letters [SERVICE] [--consumer NAME] [--reason CODE] [--counts] [--json]
./tollwire dead-letters show SERVICE ID [--json]
./tollwire dead-letters redrive SERVICE (ID... | --all | --consumer NAME | --reason CODE) [--json]

An event that cannot be handled is kept with its reason, and the flow behind it goes on. SERVICE is ${serviceNames.join(', ')}; all
of them where none is named. Mend what the reason names, then try again: what still cannot be handled is parked again.

  --consumer, --reason   only these
  --counts               how many of each consumer and reason
`;

const options = {
  consumer: { type: 'string' }, reason: { type: 'string' }, counts: { type: 'boolean' }, all: { type: 'boolean' }, json: { type: 'boolean' },
} as const;

type Values = ReturnType<typeof argumentsOf<typeof options>>['values'];

export async function run(args: readonly string[]): Promise<number> {
  const { values, positionals: [action, ...rest] } = argumentsOf(args, options, { show: 2, redrive: Infinity, '*': 0 });
  if (action === 'show') {
    tell(await shown(rest), values.json);
    return 0;
  }
  if (action === 'redrive') {
    const { told, parkedAgain } = await redriven(rest, values);
    tell(told, values.json);
    return parkedAgain === 0 ? 0 : 1;
  }
  tell(await listed(action, values), values.json);
  return 0;
}

async function listed(service: string | undefined, values: Values): Promise<Told> {
  const letters: DeadLetter[] = [];
  for (const each of service === undefined ? serviceNames : [serviceNamed(service)]) letters.push(...(await lettersOf(each, values)));
  return { json: { deadLetters: letters }, lines: values.counts === true ? reasonLines(letters) : letters.map(letterLine) };
}

async function shown([service, id]: readonly string[]): Promise<Told> {
  const name = serviceNamed(service);
  const wanted = /^[1-9]\d{0,15}$/.test(id ?? '') ? await runningApi().get(`/v1/dead-letters/${name}?id=${id}`, deadLetters) : { deadLetters: [] };
  const [letter] = wanted.deadLetters.map((each) => ({ service: name, ...each }));
  if (letter === undefined) throw new Stop(`${service} has no dead letter ${id ?? ''}; ./tollwire dead-letters ${service} lists them.`);
  return { json: letter, lines: letterLines(letter) };
}

const redrivenReply = z.object({ redrivenCount: z.number(), parkedAgainCount: z.number() });

/** Letters in one request. */
const BATCH = 1_000;

async function redriven([service, ...given]: readonly string[], values: Values): Promise<{ told: Told; parkedAgain: number }> {
  const name = serviceNamed(service);
  const isFiltered = values.consumer !== undefined || values.reason !== undefined;
  if ([given.length > 0, values.all === true, isFiltered].filter(Boolean).length !== 1) throw new Misuse('Say which: ids, --all, or those of a --consumer or --reason.');
  const bad = given.find((id) => !/^[1-9]\d{0,15}$/.test(id));
  if (bad !== undefined) throw new Misuse(`"${bad}" is no id of a dead letter.`);
  const ids = given.length > 0 ? given.map(Number) : (await lettersOf(name, values)).map(({ id }) => id);
  const sum = { redrivenCount: 0, parkedAgainCount: 0 };
  for (let at = 0; at < ids.length; at += BATCH) {
    const done = await runningApi().post(`/v1/dead-letters/${name}/redrive`, { ids: ids.slice(at, at + BATCH) }, redrivenReply);
    sum.redrivenCount += done.redrivenCount;
    sum.parkedAgainCount += done.parkedAgainCount;
  }
  return { told: { json: sum, lines: [`${sum.redrivenCount} were taken, ${sum.parkedAgainCount} parked again`] }, parkedAgain: sum.parkedAgainCount };
}

/** Every letter of a service that fits, page by page. */
async function lettersOf(service: ServiceName, { consumer, reason }: Pick<Values, 'consumer' | 'reason'>): Promise<DeadLetter[]> {
  const all: DeadLetter[] = [];
  for (let afterId = 0; ; ) {
    const page = (await runningApi().get(`/v1/dead-letters/${service}?pageSize=1000&afterId=${afterId}`, deadLetters)).deadLetters;
    all.push(...page.map((letter) => ({ service, ...letter })).filter((letter) => (consumer ?? letter.consumer) === letter.consumer && (reason ?? letter.reason) === letter.reason));
    if (page.length < 1_000) return all;
    afterId = page.at(-1)?.id ?? 0;
  }
}

function serviceNamed(name: string | undefined): ServiceName {
  const found = serviceNames.find((each) => each === name);
  if (found === undefined) throw new Misuse(`Name the service: ${serviceNames.join(', ')}.`);
  return found;
}
