/**
 * The API token of the team's ticket service: encrypted by the system's keychain, or where there is none kept in
 * memory until the desk is closed; never in clear on disk. It belongs to one address and is sent to no other.
 */
import { DeskError } from '../backend/errors.ts';
import type { Logger } from '../backend/logger.ts';
import type { Settings, SettingsStore } from './settings.ts';

/** As much of Electron's safeStorage as is used. */
export interface SafeStorage {
  isEncryptionAvailable(): boolean;
  /** Linux alone. */
  getSelectedStorageBackend?(): string;
  encryptString(plain: string): Buffer;
  decryptString(encrypted: Buffer): string;
}

export interface TokenStore {
  /** Why a token can't be kept on this computer; null where it can. */
  readonly problem: string | null;
  /** The token for this address; undefined when there is none. */
  tokenFor(address: string): string | undefined;
  /**
   * Keeps the token in place of what was there, together with these settings.
   * @throws DeskError UNAVAILABLE: keychain or disk refuse; what was there stays, of the settings too.
   */
  save(address: string, token: string | null, fields?: Partial<Settings>): Promise<void>;
}

export function tokenStore(options: {
  safeStorage: SafeStorage;
  settings: SettingsStore;
  logger: Logger;
}): TokenStore {
  const { safeStorage, settings, logger } = options;
  let known = fromKeychain();

  function fromKeychain(): { address: string; token: string } | undefined {
    const kept = settings.current.token;
    if (!kept) return undefined;
    try {
      const token = safeStorage.decryptString(Buffer.from(kept.encrypted, 'base64'));
      return { address: kept.address, token };
    } catch (err) {
      // Of another computer or user, or the keychain was made anew: the person types it again.
      logger.warn({ err }, 'the kept token can not be read any more');
      return undefined;
    }
  }

  function sealed(token: string): string {
    try {
      return safeStorage.encryptString(token).toString('base64');
    } catch (cause) {
      const words =
        'The keychain of this computer did not take the token, so nothing was saved. Unlock it, then save again.';
      throw new DeskError('UNAVAILABLE', words, { cause });
    }
  }

  return {
    get problem() {
      return keychainProblem(safeStorage);
    },
    tokenFor: (address) => (known?.address === address ? known.token : undefined),
    async save(address, token, fields) {
      const isKept = token !== null && keychainProblem(safeStorage) === null;
      const encrypted = isKept ? sealed(token) : undefined;
      await settings.update({
        ...fields,
        token: encrypted === undefined ? undefined : { address, encrypted },
      });
      known = token === null ? undefined : { address, token };
    },
  };
}

export function hasKeychain(safeStorage: SafeStorage): boolean {
  const backend = safeStorage.getSelectedStorageBackend?.();
  // `basic_text` encrypts by a password that is in Chromium's source: as good as in clear.
  return safeStorage.isEncryptionAvailable() && backend !== 'basic_text' && backend !== 'unknown';
}

function keychainProblem(safeStorage: SafeStorage): string | null {
  if (hasKeychain(safeStorage)) return null;
  return 'This computer has no keychain (GNOME Keyring or KWallet), so the token is kept until Ticket Desk is closed, and never written down. To have it at each start, unlock a keychain, or set API_TOKEN_FILE.';
}
