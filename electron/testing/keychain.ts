/** A system's keychain for tests. */
import type { SafeStorage } from '../token-store.ts';

/** Turns the bytes round: enough to see whether something is encrypted. */
export const keychain = (over: Partial<SafeStorage> = {}): SafeStorage => ({
  isEncryptionAvailable: () => true,
  getSelectedStorageBackend: () => 'gnome_libsecret',
  encryptString: (plain) => Buffer.from(plain).map((byte) => byte ^ 0xff) as Buffer,
  decryptString: (encrypted) => Buffer.from(encrypted.map((byte) => byte ^ 0xff)).toString(),
  ...over,
});

export const noKeychain = keychain({ isEncryptionAvailable: () => false });
