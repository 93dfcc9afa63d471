import type { BackupNews, BackupTask } from '../backup-task.ts';

/**
 * A ticket service running as a process of its own, as its parent sees it. Plain Node forks it
 * (fork-ticket-service.ts); Electron starts a utilityProcess. Messages are plain JSON.
 */
export interface ServiceProcess {
  /** Undefined until the process has started. */
  readonly pid: number | undefined;
  /** Called once, with the exit code; null when a signal ended it or it never started. */
  onExit(listener: (code: number | null) => void): void;
  onMessage(listener: (message: unknown) => void): void;
  /** Sends a message; one to a process that has ended is dropped. */
  post(message: unknown): void;
  /** Ends it at once, without a chance to tidy up. */
  kill(): void;
}

/**
 * Starts a ticket service with these variables beside the few that any program inherits. Tokens and passwords go
 * this way and never in argv, which every user of the machine can read.
 *
 * The child sends {@link readyMessage} once it serves, before that a {@link problemMessage} with what keeps it from it,
 * drains and exits 0 on {@link stopMessage}, and exits by itself when its parent is gone. While it serves it takes
 * {@link backupTaskMessage}, one at a time, and answers with {@link backupNewsMessage}.
 */
export type SpawnTicketService = (env: Record<string, string>) => ServiceProcess;

export const readyMessage = { type: 'ready' } as const;
export const stopMessage = { type: 'stop' } as const;
/** @param text for the person */
export const problemMessage = (text: string) => ({ type: 'problem', text }) as const;

/** What keeps the child from serving, when a message tells that. */
export function problemIn(message: unknown): string | undefined {
  return isMessage(message, 'problem') ? (message as ReturnType<typeof problemMessage>).text : undefined;
}

export const backupTaskMessage = (task: BackupTask) => ({ type: 'backup-task', task }) as const;
export const backupNewsMessage = (news: BackupNews) => ({ type: 'backup-news', news }) as const;

export function backupTaskIn(message: unknown): BackupTask | undefined {
  return isMessage(message, 'backup-task')
    ? (message as ReturnType<typeof backupTaskMessage>).task
    : undefined;
}

export function backupNewsIn(message: unknown): BackupNews | undefined {
  return isMessage(message, 'backup-news')
    ? (message as ReturnType<typeof backupNewsMessage>).news
    : undefined;
}

type MessageType = 'ready' | 'stop' | 'problem' | 'backup-task' | 'backup-news';

/** Whether a message from the other side is of this type. */
export function isMessage(message: unknown, type: MessageType): boolean {
  return typeof message === 'object' && message !== null && 'type' in message && message.type === type;
}
