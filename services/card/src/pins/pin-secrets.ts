import { createHmac, hkdfSync, randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';

/**
 * Cost of one guess (RFC 7914): 1 MiB and about two milliseconds. A password's cost is not needed: what is hashed is keyed, so
 * who has the database alone cannot guess at all, and a door that is asked a thousand times must not become slow by it.
 */
const cost = { N: 1_024, r: 8, p: 1 } as const;
const hashBytes = 32;

/** The slow hash, as a function of its own for tests that count it. */
export type SlowHash = (secret: Buffer, salt: Buffer) => Promise<Buffer>;

/** What is kept of a PIN: an index to find its card by, and a hash to prove it with. */
export interface KeptPin {
  readonly blindIndex: Buffer;
  readonly hash: string;
}

/** Makes and proves what is kept of PINs, under one secret that the database does not know. PINs themselves are kept nowhere. */
export class PinSecrets {
  readonly #indexKey: Buffer;
  readonly #pepper: Buffer;
  readonly #slow: SlowHash;

  constructor(secret: string, slow: SlowHash = scryptHash) {
    this.#indexKey = derived(secret, 'index');
    this.#pepper = derived(secret, 'pepper');
    this.#slow = slow;
  }

  /** The same for the same PIN, and nothing that a PIN could be guessed from without the secret. */
  blindIndex(pin: string): Buffer {
    return createHmac('sha256', this.#indexKey).update(pin).digest();
  }

  async keep(cardId: string, pin: string): Promise<KeptPin> {
    const salt = randomBytes(16);
    const hash = await this.#slow(this.#peppered(cardId, pin), salt);
    return { blindIndex: this.blindIndex(pin), hash: ['scrypt', cost.N, cost.r, cost.p, salt.toString('base64'), hash.toString('base64')].join('$') };
  }

  /** Whether a PIN is that of a card. Without a card it is not, after just as much work. */
  async proves(card: { readonly cardId: string; readonly hash: string } | undefined, pin: string): Promise<boolean> {
    const [salt = '', hash = ''] = card?.hash.split('$').slice(-2) ?? [];
    const wanted = card === undefined ? Buffer.alloc(hashBytes) : Buffer.from(hash, 'base64');
    const found = await this.#slow(this.#peppered(card?.cardId ?? '', pin), card === undefined ? Buffer.alloc(16) : Buffer.from(salt, 'base64'));
    const isEqual = timingSafeEqual(found, wanted);
    return isEqual && card !== undefined;
  }

  #peppered(cardId: string, pin: string): Buffer {
    return createHmac('sha256', this.#pepper).update(`${cardId}:${pin}`).digest();
  }
}

/** So many different PINs of so many random digits, leading zeros and all. */
export function randomPins(count: number, length: number): string[] {
  const pins = new Set<string>();
  while (pins.size < count) pins.add(Array.from({ length }, () => String(randomInt(10))).join(''));
  return [...pins];
}

function derived(secret: string, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, '', `tollwire pin ${purpose}`, 32));
}

function scryptHash(secret: Buffer, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(secret, salt, hashBytes, cost, (error, hash) => {
      if (error === null) resolve(hash);
      else reject(error);
    });
  });
}
