import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto';
import { z } from 'zod';

const format = 'tollwire-pin-export/1';
/** 64 MiB for one guess at the passphrase (RFC 7914); an export is made and opened once. */
const cost = { N: 65_536, r: 8, p: 1 } as const;
const maxmem = 128 * 1_048_576;

const base64 = z.base64().transform((text) => Buffer.from(text, 'base64'));

/** docs/PIN_EXPORT.md describes it field by field. */
const sealed = z.object({
  format: z.literal(format),
  kdf: z.object({ name: z.literal('scrypt'), n: z.literal(cost.N), r: z.literal(cost.r), p: z.literal(cost.p), salt: base64 }),
  cipher: z.literal('aes-256-gcm'),
  iv: base64,
  tag: base64,
  data: base64,
});

/** The key that a passphrase makes with a salt, 32 bytes. */
export type KeyOf = (passphrase: string, salt: Buffer) => Promise<Buffer>;

/** A text that only the passphrase opens: AES-256-GCM (NIST SP 800-38D) under a key that scrypt makes of it, as JSON. */
export async function seal(plain: string, passphrase: string, keyOf: KeyOf = scryptKey): Promise<string> {
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, salt), iv);
  cipher.setAAD(Buffer.from(format));
  const data = Buffer.concat([cipher.update(plain, 'utf8'), cipher.final()]);
  const kdf = { name: 'scrypt', n: cost.N, r: cost.r, p: cost.p, salt: salt.toString('base64') };
  const [text, tag] = [data.toString('base64'), cipher.getAuthTag().toString('base64')];
  return JSON.stringify({ format, kdf, cipher: 'aes-256-gcm', iv: iv.toString('base64'), tag, data: text });
}

/** What was sealed; null where the text is no export, was changed, or is not opened by this passphrase. */
export async function open(text: string, passphrase: string, keyOf: KeyOf = scryptKey): Promise<string | null> {
  const read = sealed.safeParse(jsonOf(text));
  if (!read.success || read.data.tag.length !== 16) return null;
  const { kdf, iv, tag, data } = read.data;
  const decipher = createDecipheriv('aes-256-gcm', await keyOf(passphrase, kdf.salt), iv);
  decipher.setAAD(Buffer.from(format));
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(data), decipher.final()]).toString('utf8');
  } catch {
    // The tag does not fit: another passphrase, or other bytes.
    return null;
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function scryptKey(passphrase: string, salt: Buffer): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, { ...cost, maxmem }, (error, key) => {
      if (error === null) resolve(key);
      else reject(error);
    });
  });
}
