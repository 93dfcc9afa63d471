/** Asks the process of the ticket service to make or restore a backup. */
import { type BackupNews, type RunBackupTask, uncertainRestore } from '../backup-task.ts';
import { DeskError } from '../errors.ts';
import { backupNewsIn, backupTaskMessage, type ServiceProcess } from './service-process.ts';

export const isNotRunning = () =>
  new DeskError(
    'UNAVAILABLE',
    'The ticket service of this computer does not run at the moment, so there is no backup to make or restore. Try again in a moment.',
  );

/** @param exited resolves once the process has ended */
export function backupLine(child: ServiceProcess, exited: Promise<unknown>): RunBackupTask {
  let onNews: (news: BackupNews) => void = () => {};
  let hasEnded = false;
  void exited.then(() => {
    hasEnded = true;
  });
  child.onMessage((message) => {
    const news = backupNewsIn(message);
    if (news) onNews(news);
  });
  return (task, onPercent) =>
    new Promise((resolve, reject) => {
      if (hasEnded) return reject(isNotRunning());
      onNews = (news) => {
        if ('percent' in news) onPercent(news.percent);
        else if ('summary' in news) resolve(news.summary);
        else reject(new DeskError(news.error.code, news.error.message, { details: news.error.details }));
      };
      void exited.then(() => reject(endedMeanwhile(task.kind)));
      child.post(backupTaskMessage(task));
    });
}

function endedMeanwhile(kind: 'make' | 'restore'): DeskError {
  if (kind === 'restore')
    return uncertainRestore('The ticket service ended before the backup was restored, or just then');
  return new DeskError('UNAVAILABLE', 'The ticket service ended before the backup was made. Try again.');
}
