import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** A key as its holder has it: `tw_<keyId>_<secret>`. Only the digest of the secret is ever stored. */
export interface NewKey {
  readonly keyId: string;
  readonly token: string;
  readonly digest: string;
}

/** What a bearer token says it is; whether it is must still be proved by its digest. */
export interface ClaimedKey {
  readonly keyId: string;
  readonly digest: string;
}

const tokenForm = /^tw_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/;

/** Makes a key with a secret of 256 random bits. */
export function newKey(): NewKey {
  const keyId = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { keyId, token: `tw_${keyId}_${secret}`, digest: digestOf(secret) };
}

/** The parts of a token; undefined where it has not the form of one. */
export function claimOf(token: string): ClaimedKey | undefined {
  const parts = tokenForm.exec(token);
  if (parts?.[1] === undefined || parts[2] === undefined) return undefined;
  return { keyId: parts[1], digest: digestOf(parts[2]) };
}

/**
 * SHA-256 in lower-case hex. A fast hash is enough because the secret is 256 random bits: there is nothing to guess
 * that a slow hash would protect.
 */
export function digestOf(secret: string): string {
  return hash('sha256', secret);
}

/** Whether two digests are the same, in a time that does not tell how much of them is. */
export function sameDigest(one: string, other: string): boolean {
  const left = Buffer.from(one, 'hex');
  const right = Buffer.from(other, 'hex');
  return left.length === right.length && timingSafeEqual(left, right);
}
