/** Drafts in IndexedDB: the one store that Electron's page and a browser both have. */
import type { DraftStorage } from './draft-store.ts';

const databaseName = 'ticket-desk';
const storeName = 'drafts';

/** Opens the drafts of this desk; every window of it hears what another one writes. */
export function indexedDbDrafts(): DraftStorage {
  const channel = new BroadcastChannel('ticket-desk-drafts');
  let database: IDBDatabase | undefined;
  let opening: Promise<IDBDatabase> | undefined;

  async function open(): Promise<IDBDatabase> {
    const opened = await answer(openRequest());
    opened.onclose = () => {
      database = undefined;
    };
    database = opened;
    return opened;
  }
  function whenOpen(): Promise<IDBDatabase> {
    opening ??= open().finally(() => {
      // After a failure a later write tries anew: space may have been freed.
      opening = undefined;
    });
    return opening;
  }

  return {
    async readAll() {
      const store = (database ?? (await whenOpen()))
        .transaction(storeName, 'readonly')
        .objectStore(storeName);
      const [keys, values] = await Promise.all([answer(store.getAllKeys()), answer(store.getAll())]);
      return new Map(keys.map((key, index) => [String(key), values[index]]));
    },
    async write(changes) {
      // Told before it is done, because a page that goes away tells nothing afterwards.
      channel.postMessage(changes);
      try {
        await put(database ?? (await whenOpen()), changes);
      } catch (error) {
        throw new Error(reason(error), { cause: error });
      }
    },
    onOtherWrite(listener) {
      channel.onmessage = (event: MessageEvent<ReadonlyMap<string, unknown>>) => listener(event.data);
    },
  };
}

/**
 * The drafts of one of those who sign in to this browser. What nobody in particular has typed, as before anybody was told
 * apart, is the next one's, and theirs alone once they have changed it.
 */
export function draftsOf(person: string, storage: DraftStorage): DraftStorage {
  const mark = `of ${person}: `;
  const nobodys = new Set<string>();
  const own = (drafts: Iterable<readonly [string, unknown]>) =>
    [...drafts].flatMap(([key, value]) =>
      key.startsWith(mark) ? [[key.slice(mark.length), value] as const] : [],
    );
  return {
    async readAll() {
      const all = await storage.readAll();
      const others = [...all].filter(([key]) => !key.startsWith('of '));
      for (const [key] of others) nobodys.add(key);
      return new Map([...others, ...own(all)]);
    },
    write(changes) {
      const marked = [...changes].flatMap(([key, value]) => [
        [mark + key, value] as const,
        ...(nobodys.delete(key) ? [[key, null] as const] : []),
      ]);
      return storage.write(new Map(marked));
    },
    onOtherWrite: (listener) => storage.onOtherWrite((changes) => listener(new Map(own(changes)))),
  };
}

function openRequest(): IDBOpenDBRequest {
  const request = indexedDB.open(databaseName, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(storeName);
  return request;
}

function put(database: IDBDatabase, changes: ReadonlyMap<string, unknown>): Promise<void> {
  const transaction = database.transaction(storeName, 'readwrite', { durability: 'strict' });
  const store = transaction.objectStore(storeName);
  for (const [key, value] of changes) {
    if (value === null) store.delete(key);
    else store.put(value, key);
  }
  // Left to itself it commits in a later turn, which a page that goes away does not have: the browser undoes it.
  transaction.commit();
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}

function answer<T>(request: IDBRequest<T>): Promise<T> {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

function reason(error: unknown): string {
  if (error instanceof DOMException && error.name === 'QuotaExceededError')
    return 'the disk, or the share of it that this app may use, is full. Free some space.';
  return 'this window may not keep data on disk (a private window, or a disk that refuses).';
}
