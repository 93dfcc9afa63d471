/** Reads the table of an asar archive (github.com/electron/asar): what is in it, how long, and what lies beside it. */
import { closeSync, openSync, readSync } from 'node:fs';

export interface ArchivedFile {
  /** With slashes, from the archive's root. */
  path: string;
  size: number;
  /** Whether its content lies in `app.asar.unpacked`. */
  isUnpacked: boolean;
}

interface Node {
  files?: Record<string, Node>;
  size?: number;
  unpacked?: boolean;
}

/** Two numbers (4 and the header's length), the header's own two, and the table as JSON. */
export function archivedFiles(asarPath: string): ArchivedFile[] {
  const file = openSync(asarPath, 'r');
  try {
    const head = Buffer.alloc(16);
    readSync(file, head, 0, 16, 0);
    const table = Buffer.alloc(head.readUInt32LE(12));
    readSync(file, table, 0, table.length, 16);
    return filesOf(JSON.parse(table.toString('utf8')), '');
  } finally {
    closeSync(file);
  }
}

function filesOf({ files = {} }: Node, folder: string): ArchivedFile[] {
  return Object.entries(files).flatMap(([name, node]) => {
    const path = folder ? `${folder}/${name}` : name;
    if (node.files) return filesOf(node, path);
    return [{ path, size: node.size ?? 0, isUnpacked: node.unpacked ?? false }];
  });
}
