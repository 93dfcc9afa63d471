/** Drafts in IndexedDB: the one store that Electron's page and a browser both have. */
import type { DraftStorage } from './draft-store.ts';

const databaseName = 'ticket-desk';
const storeName = 'drafts';

/** Opens the drafts of this desk; every window of it hears what another one writes. */
export function indexedDbDrafts(): DraftStorage {
  const channel = new BroadcastChannel('ticket-desk-drafts');
  let opened: Promise<IDBDatabase> | undefined;
  const database = () => {
    opened ??= openDatabase(() => {
      opened = undefined;
    });
    // A later write tries anew: space may have been freed.
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
  return {
    async readAll() {
      const store = (await database()).transaction(storeName, 'readonly').objectStore(storeName);
      const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
      return new Map(keys.map((key, index) => [String(key), values[index]]));
    },
    async write(changes) {
      try {
        const transaction = (await database()).transaction(storeName, 'readwrite', { durability: 'strict' });
        const store = transaction.objectStore(storeName);
        for (const [key, value] of changes) {
          if (value === null) store.delete(key);
          else store.put(value, key);
        }
        await done(transaction);
      } catch (error) {
        throw new Error(reason(error), { cause: error });
      }
      channel.postMessage(changes);
    },
    onOtherWrite(listener) {
      channel.onmessage = (event: MessageEvent<ReadonlyMap<string, unknown>>) => listener(event.data);
    },
  };
}

function openDatabase(onClosed: () => void): Promise<IDBDatabase> {
  const request = indexedDB.open(databaseName, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(storeName);
  return answer(request).then((database) => {
    database.onclose = onClosed;
    return database;
  });
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function done(transaction: IDBTransaction): Promise<void> {
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

function reason(error: unknown): string {
  if (error instanceof DOMException && error.name === 'QuotaExceededError')
    return 'the disk, or the share of it that this app may use, is full. Free some space.';
  return 'this window may not keep data on disk (a private window, or a disk that refuses).';
}
