/** How values of tickets lie on the disk: sealed by AES-256-GCM where there is a key, as they are where there is none. */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const algorithm = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;

export interface Cipher {
  /** @param name under which the value is kept: under no other it can be opened */
  seal(name: string, text: string): Buffer;
  /** @throws what is not right about it: changed, of another key, or under another name. */
  open(name: string, sealed: Buffer): string;
}

/** @param key 32 bytes */
export function sealing(key: Buffer): Cipher {
  return {
    seal(name, text) {
      const nonce = randomBytes(nonceBytes);
      const cipher = createCipheriv(algorithm, key, nonce).setAAD(Buffer.from(name));
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()]);
      return Buffer.concat([nonce, cipher.getAuthTag(), body]);
    },
    open(name, sealed) {
      const body = sealed.subarray(nonceBytes + tagBytes);
      const decipher = createDecipheriv(algorithm, key, sealed.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      decipher.setAAD(Buffer.from(name)).setAuthTag(sealed.subarray(nonceBytes, nonceBytes + tagBytes));
      return Buffer.concat([decipher.update(body), decipher.final()]).toString('utf8');
    },
  };
}

export const inClear: Cipher = {
  seal: (_name, text) => Buffer.from(text),
  open: (_name, bytes) => bytes.toString('utf8'),
};
