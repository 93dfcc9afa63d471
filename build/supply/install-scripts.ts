/**
 * Install scripts run with the rights of whoever types `npm ci`: each package that has one is decided on by name. npm holds
 * to that from 11.16 on; here it is held to with any npm.
 */
import type { LockedPackage } from './lock-file.ts';

/** A line for each package with an install script that nobody decided on, and for each decision without one. */
export function installScriptProblems(
  packages: readonly LockedPackage[],
  allowScripts: Readonly<Record<string, boolean>>,
): string[] {
  const withScript = new Set(packages.filter((one) => one.hasInstallScript).map(({ name }) => name));
  const undecided = [...withScript].filter((name) => !(name in allowScripts));
  const stale = Object.keys(allowScripts).filter((name) => !withScript.has(name));
  return [
    ...undecided.map(
      (name) =>
        `${name} has an install script: read it, and put "${name}": true or false into package.json's allowScripts`,
    ),
    ...stale.map((name) => `${name} has no install script: take it out of package.json's allowScripts`),
  ];
}
