/** Writes creates into the outbox named in argv until it is killed, and tells each that was answered for. */
import { uuidv7 } from 'uuidv7';
import { openOutboxStore } from '../outbox/store.ts';
import { aCreate, silentLogger } from './outbox-desk.ts';

async function write(folder: string): Promise<void> {
  const store = await openOutboxStore({ folder, logger: silentLogger });
  for (let sequence = store.records.length; ; sequence += 4) {
    await Promise.all(
      [0, 1, 2, 3].map(async (offset) => {
        const record = {
          ...aCreate(),
          requestId: uuidv7(),
          sequence: sequence + offset,
          revision: 0,
          state: 'QUEUED' as const,
          attempts: 0,
          mayBeSent: false,
          lastError: null,
          lastErrorField: null,
          conflict: null,
        };
        await store.put(record, { sync: true });
        process.send?.(record.requestId);
      }),
    );
  }
}

void write(process.argv[2] as string);
