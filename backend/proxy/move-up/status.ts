/** How a move stands, for the person. */
import type { MoveComparison, MoveStatus } from '../../../proto/desktop-bridge.ts';
import { sha256 } from './checksums.ts';
import type { MoveChunk, MovedTicket, MoveRecord, Summary } from './move-record.ts';

/** At most so many tickets are named one by one. */
const mostNamed = 20;
const parts = ['tickets', 'comments', 'history'] as const;

export function statusOf(
  { address, state }: MoveRecord,
  chunks: readonly MoveChunk[],
  problem: string | null,
): MoveStatus {
  const isDone = state === 'DONE';
  // In the order of their numbers; until the end nobody asks for them, and they may be a great many.
  const moved = isDone ? chunks.toReversed().flatMap(({ tickets }) => tickets) : [];
  const renumbered = moved.filter(({ number, id }) => number !== id);
  const refused = chunks.flatMap((chunk) => chunk.refused);
  const sum = (which: readonly MoveChunk['state'][]) =>
    chunks.reduce((n, chunk) => n + (which.includes(chunk.state) ? chunk.numbers.length : 0), 0);
  return {
    address,
    state,
    tickets: chunks.reduce((n, { numbers }) => n + numbers.length, 0),
    sent: sum(['MOVED', 'COMPARED']),
    compared: sum(['COMPARED']),
    renumbered: { count: renumbered.length, first: renumbered.slice(0, mostNamed).map(toRenumbered) },
    refused: { count: refused.length, first: refused.slice(0, mostNamed) },
    comparison: isDone ? parts.map((part) => compare(part, moved)) : [],
    different: moved
      .filter(isDifferent)
      .slice(0, mostNamed)
      .map(({ number }) => number),
    problem,
  };
}

const toRenumbered = ({ number, id }: MovedTicket) => ({ number, id });

function isDifferent({ sent, answered }: MovedTicket): boolean {
  return parts.some((part) => sent[part].checksum !== answered?.[part].checksum);
}

/** One checksum for all of them, of the checksum of each in the order of their numbers here. */
function compare(part: keyof Summary, moved: readonly MovedTicket[]): MoveComparison {
  const all = (of: readonly (Summary | null)[]) => ({
    count: of.reduce((n, summary) => n + (summary?.[part].count ?? 0), 0),
    checksum: sha256(of.map((summary) => summary?.[part].checksum)),
  });
  const [sent, answered] = [moved.map((one) => one.sent), moved.map((one) => one.answered)];
  return { part, sent: all(sent), answered: all(answered) };
}
