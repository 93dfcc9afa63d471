/** Backups of the tickets on this computer: the last one, making one, and putting one into an empty desk. */
import { useCallback, useEffect, useState } from 'react';
import type { BackupStatus, Profile } from '../../../proto/desktop-bridge.ts';
import { NamedProgress } from '../../components/NamedProgress.tsx';
import { Problem } from '../../components/Problem.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
import { makeBackup, restoreBackup } from '../../state/backups.ts';
import { useStore } from '../../state/store.ts';
import type { DesktopFace } from './use-service-settings.ts';

const elsewhere: Partial<Record<Profile, string>> = {
  docker:
    'Tickets of the stack on Docker are backed up as docs/operations.md says. Those on this computer can be backed up here.',
  team: "A team's server is backed up by whoever runs it. Tickets on this computer can be backed up here.",
};

export function BackupSection({ face }: { face: DesktopFace }) {
  const { profile } = useStore(face.settings.saved);
  const words = elsewhere[profile];
  return (
    <fieldset>
      <legend className="h6">Backup</legend>
      {words ? <p className="small mb-0">{words}</p> : <OwnBackups face={face} />}
    </fieldset>
  );
}

function OwnBackups({ face: { bridge } }: { face: DesktopFace }) {
  const [status, setStatus] = useState<BackupStatus | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const look = useCallback(async () => {
    const answer = await bridge.backupStatus();
    if (answer.ok) setStatus(answer.value);
    setFailure(answer.ok ? null : answer.error.message);
  }, [bridge]);
  useEffect(() => {
    void look();
    return bridge.onBackupsChanged(() => void look());
  }, [bridge, look]);
  const showFolder = async () => {
    const answer = await bridge.showBackups();
    if (!answer.ok) setFailure(answer.error.message);
  };
  const problem = failure ?? status?.problem?.text;
  const isBusy = !status || status.underWay !== null;
  const actions = [
    ['Back up now', () => makeBackup(bridge)],
    ['Restore…', () => restoreBackup(bridge)],
    ['Show in folder', showFolder],
  ] as const;
  return (
    <>
      <p className="small mb-2">
        {status?.last ? (
          <>
            The last one was made <RelativeTime at={status.last.madeAt} sentence />.
          </>
        ) : (
          'There is none yet.'
        )}{' '}
        One is made every day, and those of the last seven days are kept. A backup can be restored into an
        empty desk, such as a new installation.
      </p>
      {status && <p className="small mb-2 text-break text-body-secondary">Kept in {status.folder}</p>}
      {status?.underWay && <UnderWay {...status.underWay} />}
      <div className="d-flex flex-wrap gap-2">
        {actions.map(([label, run]) => (
          <SmallButton
            key={label}
            className={isBusy ? 'disabled' : ''}
            aria-disabled={isBusy}
            onClick={() => !isBusy && void run()}
          >
            {label}
          </SmallButton>
        ))}
      </div>
      <Problem text={problem} className="small p-2 mt-2 mb-0 text-break" />
    </>
  );
}

function UnderWay({ kind, percent }: NonNullable<BackupStatus['underWay']>) {
  const label = kind === 'make' ? 'Backing up' : 'Restoring';
  return (
    <div className="mb-2">
      <p className="small mb-1">{label}…</p>
      <NamedProgress name={label} now={percent} aria-valuetext={`${percent} %`} />
    </div>
  );
}
