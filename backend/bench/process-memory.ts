/** Memory of a process and all that it started. Linux alone: it reads /proc. */
import { readdir, readFile } from 'node:fs/promises';

/**
 * Proportional set size (PSS) of a whole process tree, in MiB: pages shared between processes count once,
 * divided among them, so the sum is what the machine really gives.
 */
export async function treeMemoryMib(rootPid: number): Promise<number> {
  const parents = new Map<number, number>();
  for (const entry of await readdir('/proc')) {
    const pid = Number(entry);
    if (!(pid > 0)) continue;
    const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '');
    // The command's name, in brackets, may hold spaces: the parent is the second field after it.
    parents.set(pid, Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]));
  }
  const isInTree = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === rootPid || isInTree(parents.get(pid)));
  const sizes = await Promise.all([...parents.keys()].filter(isInTree).map(pssKib));
  return sizes.reduce((sum, kib) => sum + kib, 0) / 1024;
}

async function pssKib(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8').catch(() => '');
  return Number(/^Pss:\s+(\d+)/m.exec(rollup)?.[1] ?? 0);
}
