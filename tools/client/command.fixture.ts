import { loadCommand } from '../cli/command.ts';
import { Stop } from '../cli/stop.ts';
import { type Reply, scriptedDoor } from './door.fixture.ts';

/** What a command did: the requests that it sent, what it wrote, and how it ended. */
export interface Outcome {
  readonly asked: readonly string[];
  readonly bodies: readonly string[];
  readonly out: string;
  readonly exitCode: number;
  readonly stopped: string;
}

/** Runs a command as the front door does, against a door that gives these answers. */
export async function outcomeOf([name = '', ...args]: readonly string[], answers: readonly (Reply | object)[] = []): Promise<Outcome> {
  const door = await scriptedDoor(answers.map((answer) => ('body' in answer && typeof answer.body === 'string' ? { ...answer, body: answer.body } : { body: JSON.stringify(answer) })));
  const environment = { TOLLWIRE_URL: process.env['TOLLWIRE_URL'], TOLLWIRE_API_KEY: process.env['TOLLWIRE_API_KEY'] };
  let out = '';
  const write = process.stdout.write.bind(process.stdout);
  process.stdout.write = (text: string | Uint8Array) => {
    out += String(text);
    return true;
  };
  Object.assign(process.env, { TOLLWIRE_URL: door.baseUrl, TOLLWIRE_API_KEY: 'k-1' });
  try {
    const ended = await ending(name, args);
    return { asked: door.asked.map(({ method, path }) => `${method} ${path}`), bodies: door.asked.map(({ body }) => body), out, ...ended };
  } finally {
    process.stdout.write = write;
    for (const [variable, value] of Object.entries(environment)) {
      if (value === undefined) Reflect.deleteProperty(process.env, variable);
      else process.env[variable] = value;
    }
    await door.close();
  }
}

async function ending(name: string, args: readonly string[]): Promise<Pick<Outcome, 'exitCode' | 'stopped'>> {
  try {
    const code = await (await loadCommand(name)).run(args);
    return { exitCode: typeof code === 'number' ? code : 0, stopped: '' };
  } catch (error) {
    if (!(error instanceof Stop)) throw error;
    return { exitCode: error.exitCode, stopped: error.message };
  }
}
