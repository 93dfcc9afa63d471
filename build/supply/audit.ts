/**
 * Known vulnerabilities, as `npm audit` tells of them; it knows of no exceptions. Each is mended by an update or explained in
 * build/supply/audit-exceptions.json, until a day on which it is looked at again.
 */
import { runNpm } from './npm.ts';

export interface Advisory {
  /** As GitHub names it: GHSA-…. */
  id: string;
  package: string;
  title: string;
  severity: string;
  /** The versions that it is about. */
  range: string;
}

export interface AuditException {
  id: string;
  package: string;
  /** Why it does not touch Ticket Desk. */
  reason: string;
  /** Last day, YYYY-MM-DD (UTC), on which the reason counts. */
  until: string;
}

export type AuditAnswer =
  | { asked: true; advisories: Advisory[] }
  /** The registry is out of reach, or keeps no advisories; `why` in its own words. */
  | { asked: false; why: string };

/** What npm writes under "via": a name where the fault is in a dependency, else the advisory. */
type Via = string | { name: string; title: string; url: string; severity: string; range: string };

/** Reads what `npm audit --json` wrote. */
export function readAudit(output: string): AuditAnswer {
  const report = parse(output);
  if (!report.auditReportVersion) {
    const why = report.message ?? report.error?.summary ?? 'npm audit answered nothing that can be read';
    return { asked: false, why };
  }
  const via = Object.values(report.vulnerabilities ?? {}).flatMap((one) => one.via);
  const advisories = via.flatMap((one) => {
    if (typeof one === 'string') return [];
    const { name, title, url, severity, range } = one;
    return [{ id: url.slice(url.lastIndexOf('/') + 1), package: name, title, severity, range }];
  });
  return { asked: true, advisories };
}

interface AuditReport {
  auditReportVersion?: number;
  vulnerabilities?: Record<string, { via: Via[] }>;
  message?: string;
  error?: { summary?: string };
}

function parse(output: string): AuditReport {
  try {
    return JSON.parse(output);
  } catch {
    return {};
  }
}

/** A line for each advisory that is not explained, or no longer. `today` is YYYY-MM-DD. */
export function auditProblems(
  advisories: readonly Advisory[],
  exceptions: readonly AuditException[],
  today: string,
): string[] {
  return advisories.flatMap((found) => {
    const exception = exceptions.find((one) => one.id === found.id && one.package === found.package);
    if (exception && exception.until >= today) return [];
    const what = `${found.package} ${found.range}: ${found.title} (${found.severity}, ${found.id})`;
    return exception
      ? [`${what}: its explanation counted until ${exception.until}; update the package or look at it again`]
      : [`${what}: update the package, or explain it in build/supply/audit-exceptions.json`];
  });
}

/** Asks the registry that npm is set up with about the lock file in a folder. */
export async function askAudit(folder: string, ...options: string[]): Promise<AuditAnswer> {
  const { output } = await runNpm(folder, 'audit', '--json', '--fetch-timeout=30000', ...options);
  return readAudit(output);
}
