/** The line to the desk that started this process, as a child of plain Node or of Electron. */
import type { BackupNews, RunBackupTask } from '../backup-task.ts';
import {
  backupNewsMessage,
  backupTaskIn,
  isMessage,
  problemMessage,
  readyMessage,
} from '../embedded/service-process.ts';
import { toDeskError } from '../errors.ts';
import type { Logger } from '../logger.ts';

export interface Parent {
  tellReady(): void;
  /** What keeps this process from serving, for the person. */
  tellProblem(text: string): void;
  /** Calls back when the parent asks to stop, and when it is gone. */
  onStop(listener: () => void): void;
  /** Runs what the parent asks for, and tells it what becomes of it. */
  onBackupTask(run: RunBackupTask, logger: Logger): void;
}

/** Either way of being a child. */
interface Port {
  post(message: unknown): void;
  onMessage(listener: (message: unknown) => void): void;
  onGone(listener: () => void): void;
}

/** What Electron adds to `process` in a utilityProcess, as far as it is used here. */
interface ParentPort {
  postMessage(message: unknown): void;
  on(event: 'message', listener: (event: { data: unknown }) => void): void;
}

/** Undefined in a process that was started by hand. */
export function findParent(): Parent | undefined {
  const port = findPort();
  return (
    port && {
      tellReady: () => port.post(readyMessage),
      tellProblem: (text) => port.post(problemMessage(text)),
      onStop(listener) {
        port.onMessage((message) => isMessage(message, 'stop') && listener());
        port.onGone(listener);
      },
      onBackupTask(run, logger) {
        const tell = (news: BackupNews) => port.post(backupNewsMessage(news));
        port.onMessage(async (message) => {
          const task = backupTaskIn(message);
          if (!task) return;
          try {
            tell({ summary: await run(task, (percent) => tell({ percent })) });
          } catch (thrown) {
            logger.warn({ err: thrown, task }, 'a backup could not be made or restored');
            const { code, message, details } = toDeskError(thrown);
            tell({ error: { code, message, details } });
          }
        });
      },
    }
  );
}

function findPort(): Port | undefined {
  const { parentPort } = process as { parentPort?: ParentPort };
  if (parentPort) {
    return {
      post: (message) => parentPort.postMessage(message),
      onMessage: (listener) => parentPort.on('message', ({ data }) => listener(data)),
      // Chromium ends this process by itself when the main one is gone.
      onGone() {},
    };
  }
  if (!process.send) return undefined;
  return {
    post: (message) => process.send?.(message),
    onMessage: (listener) => process.on('message', listener),
    onGone: (listener) => process.on('disconnect', listener),
  };
}
