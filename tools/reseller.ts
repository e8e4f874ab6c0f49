import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { documentText } from './cli/document.ts';
import { Misuse } from './cli/stop.ts';
import { tell, type Told } from './cli/told.ts';
import { runningApi } from './client/connect.ts';

export const summary = 'registers those who sell cards, and lists them with what they earn';

export const help = `
./tollwire reseller register NAME --password-file FILE [--json]
./tollwire reseller list [--json]

Number 1 is the own company. A reseller sells, pays for, activates and deactivates its own cards, with a key of its own:
./tollwire key issue "shop 7" --role reseller --reseller 7. What it earns on payments is set by ./tollwire account commission.

  --password-file FILE  the first line is the password, of 8 characters at least; only a slow hash of it is kept
`;

const options = { 'password-file': { type: 'string' }, json: { type: 'boolean' } } as const;

const resellersReply = z.object({
  resellers: z.array(z.looseObject({ resellerId: z.number(), username: z.string(), registeredAt: z.string().optional(), registeredBy: z.string().optional() })).default([]),
});
const commissionsReply = z.object({ commissions: z.array(z.looseObject({ resellerId: z.number(), cardTypeId: z.number().default(0), ppm: z.number() })).default([]) });

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action, name] } = argumentsOf(args, options, { register: 1, list: 0 });
  tell(await answerOf(action, name, values['password-file']), values.json);
}

async function answerOf(action: string | undefined, username: string | undefined, passwordFile: string | undefined): Promise<Told> {
  switch (action) {
    case 'register': {
      if (username === undefined || passwordFile === undefined) throw new Misuse('Name it, and say where its password is: ./tollwire reseller register "Shop 7" --password-file FILE');
      const password = documentText(passwordFile).split(/\r?\n/, 1)[0] ?? '';
      const registered = await runningApi().post('/v1/resellers', { username, password }, z.object({ id: z.number() }));
      return { json: registered, lines: [`reseller ${registered.id}: ${username}`] };
    }
    case 'list':
      return await listed();
    case undefined:
    default:
      throw new Misuse('Say what to do: ./tollwire reseller list');
  }
}

async function listed(): Promise<Told> {
  const api = runningApi();
  const { resellers } = await api.get('/v1/resellers', resellersReply);
  const { commissions } = await api.get('/v1/commissions', commissionsReply);
  const all = resellers.map((reseller) => ({ ...reseller, commissions: commissions.filter(({ resellerId }) => resellerId === reseller.resellerId) }));
  const lines = all.map(({ resellerId, username, registeredBy, commissions: earned }) => {
    const by = registeredBy === undefined ? '' : `, registered by ${registeredBy}`;
    const shares = earned.map(({ cardTypeId, ppm }) => `, ${ppm / 10_000} % of payments for ${cardTypeId === 0 ? 'its cards' : `cards of type ${cardTypeId}`}`);
    return `${resellerId} ${username}${by}${shares.join('')}`;
  });
  return { json: { resellers: all }, lines };
}
