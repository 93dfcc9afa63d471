/** A search as "overdue" finds other tickets as time goes on, though none has changed, so nothing tells of it. */
import { useEffect } from 'react';
import type { QueryReader } from './use-query-reader.ts';

/** A due time and a span are asked for to the hour; a minute late is soon enough. */
export const rereadMs = 60_000;

export interface PassingTimeOptions {
  search: string;
  reader: QueryReader;
  /** Stays the same as long as the list is. */
  reread(): void;
}

export function usePassingTime({ search, reader, reread }: PassingTimeOptions): void {
  useEffect(() => {
    if (!reader.read(search).dependsOnTime) return;
    const timer = setInterval(reread, rereadMs);
    return () => clearInterval(timer);
  }, [search, reader, reread]);
}
