/** The key of what is kept of tickets: made once, and encrypted by the system's keychain. */
import { randomBytes } from 'node:crypto';
import type { Logger } from '../backend/logger.ts';
import type { SettingsStore } from './settings.ts';
import { hasKeychain, type SafeStorage } from './token-store.ts';

const keyBytes = 32;

/** Undefined on a system without a keychain: there tickets are kept in clear. Never rejects. */
export async function keptKey(options: {
  safeStorage: SafeStorage;
  settings: SettingsStore;
  logger: Logger;
}): Promise<Buffer | undefined> {
  const { safeStorage, settings, logger } = options;
  const { keptKey: sealed } = settings.current;
  // A keychain that is there at other times is only locked: until then a key of this launch, and nothing in clear.
  if (!hasKeychain(safeStorage)) return sealed === undefined ? undefined : randomBytes(keyBytes);
  try {
    if (sealed !== undefined)
      return Buffer.from(safeStorage.decryptString(Buffer.from(sealed, 'base64')), 'base64');
  } catch (err) {
    logger.warn({ err }, 'what is kept of tickets can not be read any more: its key is of another keychain');
  }
  const key = randomBytes(keyBytes);
  const fresh = safeStorage.encryptString(key.toString('base64')).toString('base64');
  await settings
    .update({ keptKey: fresh })
    .catch((err) =>
      logger.warn(
        { err },
        'the key of what is kept of tickets could not be saved: it lasts until the desk is closed',
      ),
    );
  return key;
}
