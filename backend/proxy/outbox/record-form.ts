/** How records are written to the disk: one JSON value each, under its request id, which the value does not repeat. */
import type * as z from 'zod';

/** How a record is written, under its request id. */
export interface RecordForm<Item> {
  /** @returns undefined when the text is no record; `service`: the only one that the record is for, if there is one */
  parse(requestId: string, text: string): { record: Item; service: string | undefined } | undefined;
  /** @param service the one that is in use */
  serialise(record: Item, service?: string): string;
}

/**
 * @param schema of all but the request id
 * @param isOfService whether it is about tickets of one ticket service alone, as one that holds their numbers is
 */
export function recordForm<Shape extends object>(
  schema: z.ZodType<Shape>,
  isOfService: (record: Shape) => boolean = () => false,
): RecordForm<Shape & { requestId: string }> {
  return {
    serialise: ({ requestId: _, ...record }, service) =>
      JSON.stringify(isOfService(record as unknown as Shape) ? { ...record, service } : record),
    parse(requestId, text) {
      try {
        const json = JSON.parse(text);
        return { record: { ...schema.parse(json), requestId }, service: json.service };
      } catch {
        return undefined;
      }
    },
  };
}
