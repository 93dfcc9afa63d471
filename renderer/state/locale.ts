/**
 * By which language and region numbers and times are written: the system's. The words themselves are English alone, and
 * so is the page's `lang`.
 */

/** Undefined: the browser's own. In the desktop app that would be the one language that is packed. */
let system: string | undefined;

/** @param tag BCP 47. What no formatter knows, such as "C", changes nothing. */
export function setLocale(tag: string): void {
  try {
    system = new Intl.NumberFormat(tag).resolvedOptions().locale;
  } catch {
    // Not every system says a language that has a name.
  }
}

/** For Intl's formatters. */
export function locale(): string | undefined {
  return system;
}

/** Whose days the person means: a name of the IANA, as Europe/Berlin. */
export function timeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone;
}

/** A number as the person writes it: "1,204" or "1.204"; nothing while it is not known. */
export function countText(count: number | undefined): string {
  return count?.toLocaleString(system) ?? '';
}

/** "1 ticket", "1,204 tickets". */
export function counted(count: number, one: string, many = `${one}s`): string {
  return `${countText(count)} ${count === 1 ? one : many}`;
}
