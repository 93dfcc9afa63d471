/** Times as the contracts take them: of RFC 3339 with any offset, from 1970 on. */

/** The zone at most 14:59, as no place on earth is further from UTC. */
const rfc3339 =
  /^((?:19[7-9]\d|[2-9]\d{3})-(\d\d)-(\d\d))[Tt ]((?:[01]\d|2[0-3])(?::[0-5]\d){2})(?:\.(\d+))?([Zz]|[+-](?:0\d|1[0-4]):[0-5]\d)$/;
const maxCharacters = 40;

/**
 * The same time in UTC with microseconds, as in 2026-11-24T14:02:11.123456Z; what is finer is dropped. Undefined for
 * another text, and for a day that does not exist. Times in this form sort as texts.
 */
export function utcTime(text: string): string | undefined {
  const [, day = '', month, dayOfMonth, clock, fraction = '', zone = ''] =
    text.length <= maxCharacters ? (rfc3339.exec(text) ?? []) : [];
  // A month that there is not makes it NaN, and a day that there is not another day.
  if (!month || new Date(`${day}T00:00Z`).getUTCDate() !== Number(dayOfMonth)) return undefined;
  const whole = new Date(`${day}T${clock}${zone.toUpperCase()}`).toISOString();
  // Its zone may take it out of the years that there are here.
  if (!/^(19[7-9]|[2-9]\d{2})\d-/.test(whole)) return undefined;
  return whole.replace(/\.\d+Z$/, `.${fraction.slice(0, 6).padEnd(6, '0')}Z`);
}

/** A moment in the form of utcTime(). */
export function timestamp(ms: number = Date.now()): string {
  return new Date(ms).toISOString().replace('Z', '000Z');
}
