/** A moment as the contracts write it: RFC 3339 in UTC with microseconds. */
export function timestamp(ms: number = Date.now()): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
