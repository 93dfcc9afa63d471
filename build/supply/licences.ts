/** The licences of what ships and of what builds, against build/supply/licences.json, each with a list of its own. */
import type { LockedPackage } from './lock-file.ts';

export interface LicenceRules {
  /** SPDX ids that may reach the person's computer. */
  ships: string[];
  /** SPDX ids that may be used besides those to build and test. */
  builds: string[];
  /** Packages that were looked at by a person; of one version, so that the next is looked at again. */
  exceptions: { package: string; licence: string; reason: string }[];
}

/**
 * Whether an SPDX expression can be met with these ids alone: one side of an OR, both of an AND. AND binds
 * tighter; an id WITH an exception is an id of its own. What is no expression is not met.
 */
export function isMet(expression: string, allowed: ReadonlySet<string>): boolean {
  const tokens = expression
    .replace(/\s+WITH\s+/gi, '-with-')
    .replace(/[()]/g, ' $& ')
    .trim()
    .split(/\s+/);
  let at = 0;
  const take = (token: string) => {
    if (tokens[at]?.toUpperCase() !== token) return false;
    at += 1;
    return true;
  };
  const term = (): boolean => {
    if (take('(')) {
      const met = either();
      return take(')') && met;
    }
    const id = tokens[at] ?? '';
    at += 1;
    return allowed.has(id);
  };
  const both = (): boolean => {
    let met = term();
    while (take('AND')) met = term() && met;
    return met;
  };
  const either = (): boolean => {
    let met = both();
    while (take('OR')) met = both() || met;
    return met;
  };
  return either() && at === tokens.length;
}

/** A line for each package whose licence is not allowed where it is used, and for each exception of no use. */
export function licenceProblems(packages: readonly LockedPackage[], rules: LicenceRules): string[] {
  const shipping = new Set(rules.ships);
  const building = new Set([...rules.ships, ...rules.builds]);
  const exceptions = new Map(rules.exceptions.map((one) => [one.package, one.licence]));
  const used = new Set<string>();
  const problems = packages.flatMap(({ name, version, licence, ships }) => {
    const allowed = ships ? shipping : building;
    if (licence !== null && isMet(licence, allowed)) return [];
    const key = `${name}@${version}`;
    const looked = exceptions.get(key);
    if (looked !== undefined && isMet(looked, allowed)) {
      used.add(key);
      return [];
    }
    return [
      `${key} ${ships ? 'ships' : 'builds'} under ${licence ?? 'no licence that it tells of'}: replace it, or have its licence looked at and named in build/supply/licences.json`,
    ];
  });
  const stale = [...exceptions.keys()].filter((key) => !used.has(key));
  return [
    ...problems,
    ...stale.map((key) => `${key} needs no exception: take it out of build/supply/licences.json`),
  ];
}
