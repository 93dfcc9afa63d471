/** Makes and restores backups of the database that this service serves. */
import type { BackupSummary } from '../../../../proto/desktop-bridge.ts';
import type { RunBackupTask } from '../../../backup-task.ts';
import type { Logger } from '../../../logger.ts';
import { toStoreError } from '../postgres-errors.ts';
import { type BackupHeader, tellPercent } from './backup-format.ts';
import { restoreBackup } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

export interface BackupTasks {
  run: RunBackupTask;
  /** Calls off what is under way, and waits for its end. */
  stop(): Promise<void>;
}

export function backupTasks(options: { postgresUrl: string; version: string; logger: Logger }): BackupTasks {
  const { postgresUrl, version, logger } = options;
  const stopping = new AbortController();
  const { signal } = stopping;
  let running: Promise<unknown> = Promise.resolve();

  return {
    run({ kind, file }, onPercent) {
      const shared = { postgresUrl, file, signal, onRows: tellPercent(onPercent) };
      const done =
        kind === 'make'
          ? writeBackup({ ...shared, appVersion: version, madeAt: new Date() })
          : restoreBackup({ ...shared, logger });
      running = done.catch(() => undefined);
      return done.then(summaryOf, (thrown) => {
        throw toStoreError(thrown);
      });
    },
    async stop() {
      stopping.abort();
      await running;
    },
  };
}

function summaryOf({ rows, madeAt }: BackupHeader): BackupSummary {
  return { tickets: rows.tickets ?? 0, madeAt };
}
