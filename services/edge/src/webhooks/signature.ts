import type { CodedRefusal } from '@tollwire/contracts';
import { webhookDigest } from '@tollwire/platform/webhook-signature';
import { timingSafeEqual } from 'node:crypto';

/** How far the clock of a signature may be from ours, in seconds. */
export const toleranceSec = 300;

const secondUs = 1_000_000;
const form = /^t=(\d{1,12})((?:,v1=[0-9a-f]{64}){1,5})$/;

/**
 * Why a body is not of who it says it is of; null where one of the signatures in the header is by one of the secrets. Several of
 * either let a secret be changed. A signature is good for five minutes before and after its time, so that a body which somebody
 * has kept cannot be sent again later; within them the id of its payment makes it count once.
 */
export function signatureRefusal(header: string | undefined, secrets: readonly string[], body: Uint8Array, nowUs: number): CodedRefusal | null {
  const [, at, list = ''] = form.exec(header ?? '') ?? [];
  if (at === undefined) return { code: 'signature_invalid', detail: 'Send tollwire-signature: t=<seconds since 1970>,v1=<hex of HMAC-SHA-256 over "<t>.<body>">.' };
  const atSec = Number(at);
  const given = list.split(',v1=').slice(1).map((hex) => Buffer.from(hex, 'hex'));
  const expected = secrets.map((secret) => webhookDigest(secret, atSec, body));
  const matches = expected.map((digest) => given.map((each) => timingSafeEqual(digest, each)).some(Boolean)).some(Boolean);
  if (!matches) return { code: 'signature_invalid', detail: 'Sign the very bytes of the body with the secret of this provider.' };
  const apartSec = Math.abs(nowUs / secondUs - atSec);
  return apartSec > toleranceSec ? { code: 'signature_stale', detail: `Sign at most ${toleranceSec} seconds before sending, by a clock that is right.` } : null;
}
