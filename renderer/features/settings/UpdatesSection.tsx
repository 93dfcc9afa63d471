/** Newer versions: how it stands, whether they are looked for, and looking now. */
import { useCallback, useEffect, useState } from 'react';
import type { BridgeResult, UpdateStatus } from '../../../proto/desktop-bridge.ts';
import { NamedProgress } from '../../components/NamedProgress.tsx';
import { Problem } from '../../components/Problem.tsx';
import { RelativeTime } from '../../components/RelativeTime.tsx';
import { SmallButton, WordButton } from '../../components/SmallButton.tsx';
import { SettingSwitch } from './SettingField.tsx';
import type { DesktopFace } from './use-service-settings.ts';

const phaseWords: Readonly<Record<UpdateStatus['phase'], string>> = {
  'not-configured': 'Updates are not configured in this build.',
  off: 'Updates are off.',
  idle: 'Looked for once a day, while Ticket Desk is open.',
  looking: 'Looking for a newer version…',
  newest: 'This version is the newest.',
  fetching: 'A newer version is fetched. Go on working meanwhile.',
  ready: 'A newer version is ready.',
  'by-hand': 'A newer version is there.',
  failed: 'Looking for a newer version has failed.',
};

export function UpdatesSection({ face: { bridge, settings, appVersion } }: { face: DesktopFace }) {
  const [status, setStatus] = useState<UpdateStatus | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const take = useCallback((answer: BridgeResult<UpdateStatus>) => {
    if (answer.ok) setStatus(answer.value);
    setFailure(answer.ok ? null : answer.error.message);
  }, []);
  useEffect(() => {
    const stop = bridge.onUpdateStatus(setStatus);
    void bridge.updateStatus().then(take);
    return stop;
  }, [bridge, take]);
  if (!status) return null;
  const { updates, lockedBy } = settings.saved.state();
  const lock = lockedBy.updates;
  const isBusy = status.phase === 'looking' || status.phase === 'fetching';
  const canLook = !['not-configured', 'off', 'ready'].includes(status.phase);
  return (
    <fieldset data-update={status.phase}>
      <legend className="h6">Updates</legend>
      <p className="small mb-2">
        This is version {appVersion}.
        {status.lookedAt && (
          <>
            {' '}
            Newer ones were looked for <RelativeTime at={status.lookedAt} sentence />.
          </>
        )}
      </p>
      <p className={`small mb-2 ${status.phase === 'failed' ? 'text-danger-emphasis' : ''}`} role="status">
        {status.text ?? phaseWords[status.phase]}
      </p>
      {status.phase === 'fetching' && <Fetching status={status} />}
      {status.page && <PageLink page={status.page} open={bridge.openExternal} onFailure={setFailure} />}
      {status.phase !== 'not-configured' && (
        <div className="mb-2">
          <SettingSwitch
            id="updates-on"
            label="Look for updates once a day, and install them when Ticket Desk is closed"
            isOn={lock ? updates === 'on' : status.phase !== 'off'}
            onChange={(isOn) => void bridge.setUpdates(isOn ? 'on' : 'off').then(take)}
            lockedBy={lock}
          />
        </div>
      )}
      {canLook && (
        <SmallButton
          className={isBusy ? 'disabled' : ''}
          aria-disabled={isBusy}
          onClick={() => !isBusy && void bridge.lookForUpdates().then(take)}
        >
          Look for updates now
        </SmallButton>
      )}
      <Problem text={failure} className="small p-2 mt-2 mb-0" />
    </fieldset>
  );
}

function Fetching({ status: { version, percent } }: { status: UpdateStatus }) {
  const now = percent ?? 0;
  const name = `Fetching version ${version}`;
  return <NamedProgress className="mb-2" name={name} now={now} aria-valuetext={`${now} %`} />;
}

interface PageLinkProps {
  page: string;
  open(url: string): Promise<BridgeResult<null>>;
  onFailure(message: string): void;
}

function PageLink({ page, open, onFailure }: PageLinkProps) {
  const openPage = async () => {
    const answer = await open(page);
    if (!answer.ok) onFailure(answer.error.message);
  };
  return (
    <p className="small mb-2">
      <WordButton className="p-0 text-start text-break" onClick={() => void openPage()}>
        {page}
      </WordButton>
    </p>
  );
}
