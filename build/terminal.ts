/** What the build commands write for the person who runs them. */

/** Stops a command with a message that tells the person what to do; shown without a stack by run.mjs. */
export class Problem extends Error {
  override name = 'Problem';
}

/** One line for the person. Goes to stderr, so that what a command is asked to print stays alone on stdout. */
export function say(line: string): void {
  process.stderr.write(`${line}\n`);
}

/**
 * Shows how far something is, as a percentage: in place on a terminal, otherwise a line every ten percent.
 * @returns takes the share done, 0 to 1.
 */
export function startProgress(label: string): (share: number) => void {
  const step = process.stderr.isTTY ? 1 : 10;
  let shown = -1;
  return (share) => {
    const percent = Math.floor((Math.min(share, 1) * 100) / step) * step;
    if (percent <= shown) return;
    shown = percent;
    const text = `${label}: ${percent} %`;
    if (!process.stderr.isTTY) say(text);
    else process.stderr.write(percent === 100 ? `\r${text}\n` : `\r${text}`);
  };
}
