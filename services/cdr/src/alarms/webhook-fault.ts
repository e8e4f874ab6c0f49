import type { CodedRefusal } from '@tollwire/contracts';
import { isWithinNetwork } from './public-address.ts';

/** What is wrong with a webhook and its secret, both empty where there is none; undefined where nothing is. */
export function webhookFault({ url, secret }: { readonly url: string; readonly secret: string }, allowsPrivate: boolean): CodedRefusal | undefined {
  const isSigned = secret.length >= 16 && secret.length <= 256 && !secret.includes('\0');
  if ((url !== '') !== (secret !== '') || (secret !== '' && !isSigned)) {
    return { code: 'field_malformed', field: 'webhookSecret', detail: 'A webhook has a secret of 16 to 256 characters, by which its receiver knows who sends.' };
  }
  if (allowsPrivate || url === '' || !isWithinNetwork(url)) return undefined;
  return { code: 'field_malformed', field: 'webhookUrl', detail: 'Name a webhook on the internet; within a network none is told, unless that is allowed by setting.' };
}
