import { request as requestHttp } from 'node:http';
import { request as requestHttps } from 'node:https';
import { webhookSignature } from '@tollwire/platform/webhook-signature';
import { AddressRefused, hostOf, isWithinNetwork, lookupPublic } from './public-address.ts';

const TIMEOUT_MS = 10_000;

/** What is sent where, signed by whose secret. */
export interface Webhook {
  readonly url: string;
  readonly secret: string;
  readonly body: string;
}

/**
 * Sends a notice to a webhook, signed. Returns the status of the answer; redirections are answers like others and are not
 * followed. Rejects where nobody answers in ten seconds, and where the address lies within a network, unless that is
 * allowed.
 */
export async function sendWebhook({ url, secret, body }: Webhook, atSec: number, allowsPrivate: boolean): Promise<number> {
  const { protocol } = new URL(url);
  // A name is checked when it is looked up; an address is not looked up.
  if (!allowsPrivate && isWithinNetwork(url)) throw new AddressRefused(hostOf(url));
  const headers = { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body), 'tollwire-signature': webhookSignature(secret, atSec, body) };
  const options = { method: 'POST', headers, agent: false, signal: AbortSignal.timeout(TIMEOUT_MS), ...(allowsPrivate ? {} : { lookup: lookupPublic }) };
  return await new Promise((resolve, reject) => {
    const request = (protocol === 'https:' ? requestHttps : requestHttp)(url, options, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    request.once('error', reject);
    request.end(body);
  });
}
