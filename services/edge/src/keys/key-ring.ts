import type { Clock } from '@tollwire/core';
import type { Role } from '../domain/api-key.ts';
import { claimOf, digestOf, sameDigest } from './secret.ts';

/** Who is asking: the holder of a key that was proved. */
export interface Principal {
  readonly keyId: string;
  readonly name: string;
  readonly role: Role;
  /** Whose cards a reseller may touch; 0 for every other role. */
  readonly resellerId: number;
}

/** A key as it is stored: its holder, and the digest of its secret. */
export interface StoredKey extends Principal {
  readonly digest: string;
  readonly revoked: boolean;
}

interface Kept {
  readonly key: StoredKey | undefined;
  readonly seenUs: number;
}

/** How long a key is believed without looking again, and so how long one that another instance revoked still opens. */
const believedUs = 5_000_000;

/** So many keys are kept at most; a flood of made-up key ids must not fill the memory. */
const keptMax = 10_000;

/** The one key that no table holds: it comes with the configuration, so that the first operator can be let in. */
export const bootstrap: Principal = { keyId: 'bootstrap', name: 'bootstrap', role: 'admin', resellerId: 0 };

/** Proves bearer tokens. What the table says is kept in memory for five seconds. */
export class KeyRing {
  private readonly find: (keyId: string) => Promise<StoredKey | undefined>;
  private readonly clock: Clock;
  private readonly adminDigest: string;
  private readonly kept = new Map<string, Kept>();
  private readonly looks = new Map<string, Promise<StoredKey | undefined>>();

  constructor(options: { find: (keyId: string) => Promise<StoredKey | undefined>; clock: Clock; adminKey: string }) {
    this.find = options.find;
    this.clock = options.clock;
    this.adminDigest = digestOf(options.adminKey);
  }

  /** The holder of the key in an `Authorization` header; undefined where there is none, or it opens nothing. */
  async holderOf(authorization: string | undefined): Promise<Principal | undefined> {
    const token = /^Bearer +(\S{1,256})$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return undefined;
    const claim = claimOf(token);
    if (claim === undefined) return sameDigest(digestOf(token), this.adminDigest) ? bootstrap : undefined;
    const key = await this.keyOf(claim.keyId);
    if (key === undefined || key.revoked || !sameDigest(claim.digest, key.digest)) return undefined;
    return key;
  }

  /** Looks again the next time that this key is shown; a look that is under way may have seen it as it was, and is not kept. */
  forget(keyId: string): void {
    this.kept.delete(keyId);
    this.looks.delete(keyId);
  }

  private async keyOf(keyId: string): Promise<StoredKey | undefined> {
    const kept = this.kept.get(keyId);
    if (kept === undefined) return await (this.looks.get(keyId) ?? this.look(keyId));
    // A clock that was set back must not make a key be believed for longer.
    const ageUs = this.clock.nowUs() - kept.seenUs;
    return ageUs >= 0 && ageUs < believedUs ? kept.key : await (this.looks.get(keyId) ?? this.look(keyId));
  }

  /** All who show a key while it is looked up wait for the one look. */
  private look(keyId: string): Promise<StoredKey | undefined> {
    const seenUs = this.clock.nowUs();
    const look = this.found(keyId, (key) => {
      if (this.looks.get(keyId) !== look) return;
      if (this.kept.size >= keptMax) this.kept.clear();
      this.kept.set(keyId, { key, seenUs });
    }).finally(() => {
      if (this.looks.get(keyId) === look) this.looks.delete(keyId);
    });
    this.looks.set(keyId, look);
    return look;
  }

  private async found(keyId: string, keep: (key: StoredKey | undefined) => void): Promise<StoredKey | undefined> {
    const key = await this.find(keyId);
    keep(key);
    return key;
  }
}
