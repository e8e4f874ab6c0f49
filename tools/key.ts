import { z } from 'zod';
import { argumentsOf } from './cli/arguments.ts';
import { Misuse } from './cli/stop.ts';
import { tell, type Told } from './cli/told.ts';
import { runningApi } from './client/connect.ts';

export const summary = 'issues the API keys that switches and people come in with, lists and revokes them';

export const help = `
./tollwire key issue NAME --role switch|operator|reseller|admin [--reseller ID] [--json]
./tollwire key list [--json]
./tollwire key revoke KEY [--json]

NAME says who holds the key; what is done with it is told under role and name. The token is told this once, and kept nowhere. It is for admins.

  --reseller ID   of a key for a reseller: whose cards it may touch (./tollwire reseller list)
  KEY             the id of a key, as list shows it; a key that is revoked opens nothing, for good
`;

const options = { role: { type: 'string' }, reseller: { type: 'string' }, json: { type: 'boolean' } } as const;

interface Values {
  readonly role?: string | undefined;
  readonly reseller?: string | undefined;
}

const keysReply = z.object({
  apiKeys: z.array(z.looseObject({
    keyId: z.string(), name: z.string(), role: z.string(), resellerId: z.number().optional(), issuedAt: z.string().optional(), issuedBy: z.string(),
    revokedAt: z.string().optional(), revokedBy: z.string().optional(),
  })),
});

export async function run(args: readonly string[]): Promise<void> {
  const { values, positionals: [action, subject] } = argumentsOf(args, options, { issue: 1, list: 0, revoke: 1 });
  tell(await answerOf(action, subject, values), values.json);
}

async function answerOf(action: string | undefined, subject: string | undefined, values: Values): Promise<Told> {
  switch (action) {
    case 'issue': {
      const issued = await runningApi().post('/v1/api-keys', keyBody(subject, values), z.object({ keyId: z.string(), token: z.string() }));
      return { json: issued, lines: [issued.token, `the key ${issued.keyId}, whose token is told this once`] };
    }
    case 'list': {
      const listed = await runningApi().get('/v1/api-keys', keysReply);
      return { json: listed, lines: listed.apiKeys.length === 0 ? ['none'] : listed.apiKeys.map(keyLine) };
    }
    case 'revoke':
      if (subject === undefined) throw new Misuse('Say which: ./tollwire key revoke KEY; ./tollwire key list shows them.');
      await runningApi().remove(`/v1/api-keys/${encodeURIComponent(subject)}`);
      return { json: { keyId: subject }, lines: [`the key ${subject} opens nothing any more`] };
    case undefined:
    default:
      throw new Misuse('Say what to do: ./tollwire key issue "Vienna switch" --role switch');
  }
}

function keyBody(name: string | undefined, { role, reseller }: Values): object {
  if (name === undefined || role === undefined) throw new Misuse('Say who holds it, and what for: ./tollwire key issue "Vienna switch" --role switch');
  if (reseller !== undefined && !/^[1-9]\d{0,9}$/.test(reseller)) throw new Misuse(`--reseller takes the number of a reseller, not "${reseller}".`);
  return { name, role, ...(reseller === undefined ? {} : { resellerId: Number(reseller) }) };
}

function keyLine({ keyId, name, role, resellerId, issuedAt, issuedBy, revokedAt, revokedBy }: z.infer<typeof keysReply>['apiKeys'][number]): string {
  const whose = resellerId === undefined ? '' : ` of reseller ${resellerId}`;
  const revoked = revokedAt === undefined ? '' : `; revoked ${revokedAt} by ${revokedBy ?? ''}`;
  return `${keyId} ${role}${whose} "${name}", issued ${issuedAt === undefined ? '' : `${issuedAt} `}by ${issuedBy}${revoked}`;
}
