import { createHmac } from 'node:crypto';

/** HMAC-SHA-256 (RFC 2104) of `<seconds>.<body>`: what proves who sent a webhook, and when. */
export function webhookDigest(secret: string, atSec: number, body: string | Uint8Array): Buffer {
  return createHmac('sha256', secret).update(`${atSec}.`).update(body).digest();
}

/**
 * The signature of a webhook as its header says it: `t=<seconds>,v1=<digest in hex>`. The receiver makes the digest anew with its
 * secret, compares in constant time, and refuses what is old. Both ways go by it: payments that come in, notices that go out.
 */
export function webhookSignature(secret: string, atSec: number, body: string | Uint8Array): string {
  return `t=${atSec},v1=${webhookDigest(secret, atSec, body).toString('hex')}`;
}
