/** How records are written to the disk: one JSON value each, under its request id, which the value does not repeat. */
import type * as z from 'zod';

/** How a record is written, under its request id. */
export interface RecordForm<Item> {
  /** Undefined when the text is none. */
  parse(requestId: string, text: string): Item | undefined;
  serialise(record: Item): string;
}

/** @param schema of all but the request id */
export function recordForm<Shape extends object>(
  schema: z.ZodType<Shape>,
): RecordForm<Shape & { requestId: string }> {
  return {
    serialise: ({ requestId: _, ...record }) => JSON.stringify(record),
    parse(requestId, text) {
      try {
        return { ...schema.parse(JSON.parse(text)), requestId };
      } catch {
        return undefined;
      }
    },
  };
}
