import { z } from 'zod';

const provider = /^[a-z0-9_-]{1,32}$/;
const secretMin = 16;

/** Who may tell of payments, by name, and what each signs with. */
export type WebhookSecrets = ReadonlyMap<string, readonly string[]>;

/** The secrets of payment providers as the environment says them: `bank:SECRET,stripe:OLD,stripe:NEW`. Empty: nobody tells of payments. */
export const webhookSecrets = z
  .string()
  .default('')
  .transform((text, context): WebhookSecrets => {
    const secrets = new Map<string, string[]>();
    for (const part of text.split(',').filter((each) => each !== '')) {
      const at = part.indexOf(':');
      const [name, secret] = [part.slice(0, at), part.slice(at + 1)];
      if (!provider.test(name) || secret.length < secretMin) {
        context.addIssue({ code: 'custom', message: `must be provider:secret pairs with commas between them, each secret of ${secretMin} characters or more` });
        return z.NEVER;
      }
      secrets.set(name, [...(secrets.get(name) ?? []), secret]);
    }
    return secrets;
  });
