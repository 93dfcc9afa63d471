/** The line to the desk that started this process, as a child of plain Node or of Electron. */
import { isMessage, problemMessage, readyMessage } from '../embedded/service-process.ts';

export interface Parent {
  tellReady(): void;
  /** What keeps this process from serving, for the person. */
  tellProblem(text: string): void;
  /** Calls back when the parent asks to stop, and when it is gone. */
  onStop(listener: () => void): void;
}

/** What Electron adds to `process` in a utilityProcess, as far as it is used here. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

/** Undefined in a process that was started by hand. */
export function findParent(): Parent | undefined {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort) {
    // Chromium ends this process by itself when the main one is gone.
    return {
      tellReady: () => parentPort.postMessage(readyMessage),
      tellProblem: (text) => parentPort.postMessage(problemMessage(text)),
      onStop: (listener) => parentPort.on('message', ({ data }) => isMessage(data, 'stop') && listener()),
    };
  }
  if (!process.send) return undefined;
  return {
    tellReady: () => process.send?.(readyMessage),
    tellProblem: (text) => process.send?.(problemMessage(text)),
    onStop(listener) {
      process.on('message', (message) => isMessage(message, 'stop') && listener());
      process.on('disconnect', listener);
    },
  };
}
