/** Moving this computer's tickets to a team's server: where to, how far it is, and whether they are the same there. */
import { useCallback, useEffect, useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import type { MoveStatus } from '../../../proto/desktop-bridge.ts';
import { NamedProgress } from '../../components/NamedProgress.tsx';
import { Problem } from '../../components/Problem.tsx';
import { SmallButton } from '../../components/SmallButton.tsx';
import { countText } from '../../state/locale.ts';
import { useStore } from '../../state/store.ts';
import { MoveResult } from './MoveResult.tsx';
import { TeamFields } from './TeamFields.tsx';
import { type DesktopFace, useServiceSettings } from './use-service-settings.ts';

export function MoveSection({ face }: { face: DesktopFace }) {
  const { profile } = useStore(face.settings.saved);
  return (
    <fieldset>
      <legend className="h6">Move to a team server</legend>
      {profile === 'this-computer' ? (
        <Move face={face} />
      ) : (
        <p className="small mb-0">
          Tickets on this computer can be moved to a team server while they are the ones in use.
        </p>
      )}
    </fieldset>
  );
}

function Move({ face }: { face: DesktopFace }) {
  const { status, failure, start, pause } = useMove(face);
  const [isAsking, setAsking] = useState(false);
  const begin = async () => {
    setAsking(false);
    await start();
  };
  return (
    <>
      <p className="small mb-2">
        All tickets go there with their comments and history, each under its number, or where that is taken
        under a new one, and is found by both. They stay on this computer as well. What is filed or changed
        here from then on does not go there: use the team server afterwards.
      </p>
      {status && <Standing status={status} face={face} />}
      <Problem text={failure} className="small p-2 mb-2 text-break" />
      {isAsking ? (
        <WhereTo face={face} onMove={begin} onLeave={() => setAsking(false)} />
      ) : (
        <div className="d-flex flex-wrap gap-2">
          {status?.state === 'RUNNING' && <SmallButton onClick={pause}>Stop</SmallButton>}
          {status?.state === 'STOPPED' && <SmallButton onClick={start}>Go on</SmallButton>}
          {status?.state !== 'RUNNING' && (
            <SmallButton onClick={() => setAsking(true)}>
              {status ? 'Move again…' : 'Move tickets…'}
            </SmallButton>
          )}
        </div>
      )}
    </>
  );
}

function useMove({ bridge }: DesktopFace) {
  const [status, setStatus] = useState<MoveStatus | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const look = useCallback(async () => {
    const answer = await bridge.moveStatus();
    if (answer.ok) setStatus(answer.value);
  }, [bridge]);
  useEffect(() => {
    void look();
    return bridge.onMoveChanged(() => void look());
  }, [bridge, look]);
  async function tell(asked: ReturnType<typeof bridge.startMove>) {
    const answer = await asked;
    setFailure(answer.ok ? null : answer.error.message);
    await look();
  }
  return { status, failure, start: () => tell(bridge.startMove()), pause: () => tell(bridge.pauseMove()) };
}

/** The server is kept in the settings, and so is its token; the desk goes on with the tickets of this computer. */
function WhereTo(props: { face: DesktopFace; onMove: () => Promise<void>; onLeave: () => void }) {
  const { face, onMove, onLeave } = props;
  const form = useServiceSettings(face, { isForMove: true });
  const move = async () => {
    if (await form.save()) await onMove();
  };
  return (
    <form
      noValidate
      onSubmit={(event) => {
        event.preventDefault();
        void move();
      }}
    >
      <TeamFields form={form} bridge={face.bridge} />
      {[...form.doubts, ...(form.failure ? [form.failure] : [])].map((doubt) => (
        <Alert key={doubt} variant="warning" className="small p-2 mb-2 text-break">
          {doubt}
        </Alert>
      ))}
      <div className="d-flex flex-wrap gap-2">
        <Button type="submit" size="sm">
          {form.isSaving ? 'Checking…' : 'Move'}
        </Button>
        <SmallButton onClick={onLeave}>Cancel</SmallButton>
      </div>
    </form>
  );
}

function Standing({ status, face }: { status: MoveStatus; face: DesktopFace }) {
  const { state, tickets, sent, compared, address, problem } = status;
  if (state === 'DONE') return <MoveResult status={status} face={face} />;
  const [doing, done] = sent < tickets ? ['Sent', sent] : ['Compared', compared];
  const words = `${doing} ${countText(done)} of ${countText(tickets)} tickets`;
  return (
    <div className="mb-2">
      <p className="small mb-1 text-break" role={state === 'STOPPED' ? 'status' : undefined}>
        {words} {doing === 'Sent' ? 'to' : 'with'} {address}
        {state === 'STOPPED' && ', then stopped'}.
      </p>
      <NamedProgress
        className="mb-1"
        name="Moving tickets"
        now={(100 * (sent + compared)) / Math.max(1, 2 * tickets)}
        aria-valuetext={words}
      />
      {problem && <p className="small mb-0 text-break">{problem}</p>}
    </div>
  );
}
