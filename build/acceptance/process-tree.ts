/** Which processes belong together, by what Linux tells in /proc. */
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessInfo {
  pid: number;
  parent: number;
  /** Tells it from a later process with the same number. */
  startedTicks: string;
  command: string;
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    // It has ended meanwhile.
    return '';
  }
}

/** Every process that runs now; zombies, which have ended, are left out. */
function runningProcesses(): ProcessInfo[] {
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    const stat = read(`/proc/${name}/stat`);
    // After the name in parentheses, which may hold anything: state, parent, …, start time (field 22).
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields.length < 20 || fields[0] === 'Z') return [];
    const command = read(`/proc/${name}/cmdline`).replaceAll('\0', ' ').trim();
    return [{ pid: Number(name), parent: Number(fields[1]), startedTicks: fields[19] ?? '', command }];
  });
}

/** The process and all that it has started, and so on. */
export function familyOf(pid: number): ProcessInfo[] {
  const all = runningProcesses();
  const family = all.filter((one) => one.pid === pid);
  for (const member of family) family.push(...all.filter((one) => one.parent === member.pid));
  return family;
}

/** Those of them that still run. */
export function survivors(family: ProcessInfo[]): ProcessInfo[] {
  const running = new Map(runningProcesses().map((one) => [one.pid, one.startedTicks]));
  return family.filter((one) => running.get(one.pid) === one.startedTicks);
}
