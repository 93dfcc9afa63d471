/** Writes creates into the outbox named in argv until it is killed, and tells each that was answered for. */
import { uuidv7 } from 'uuidv7';
import { openOutboxStore } from '../outbox/store.ts';
import { aCreate, aRecord, silentLogger } from './outbox-desk.ts';

async function write(folder: string): Promise<void> {
  const store = await openOutboxStore({ folder, logger: silentLogger });
  for (let sequence = store.records.length; ; sequence += 4) {
    await Promise.all(
      [0, 1, 2, 3].map(async (offset) => {
        const record = aRecord(sequence + offset, { ...aCreate(), requestId: uuidv7() });
        await store.put(record, { sync: true });
        process.send?.(record.requestId);
      }),
    );
  }
}

void write(process.argv[2] as string);
