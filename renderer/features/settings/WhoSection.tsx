/** Under which name the person works: their own to say, unless their token has one. */
import { OwnNameForm } from '../../components/OwnNameForm.tsx';
import { ownNameOf } from '../../state/agents.tsx';
import { type Settings, useFace } from '../../state/boot.tsx';
import { useMe } from '../../state/me.ts';
import { useStore } from '../../state/store.ts';

export function WhoSection() {
  const face = useFace();
  return (
    <section aria-labelledby="who">
      <h3 id="who" className="h6">
        You
      </h3>
      {face.kind === 'desktop' ? <OwnName settings={face.settings} /> : <TokenName />}
    </section>
  );
}

function OwnName({ settings }: { settings: Settings }) {
  const { agent } = useStore(settings.saved);
  const me = useMe();
  if (me && me.id !== agent.id) return <TokenName />;
  return (
    <>
      <OwnNameForm settings={settings} />
      <p className="form-text mb-0">It stands beside what you write and change.</p>
    </>
  );
}

function TokenName() {
  const me = useMe();
  return (
    <p className="small mb-0 text-break">
      {me ? (
        <>
          You work here as <strong>{ownNameOf(me)}</strong>. That is the name of your token, which the
          server's operator gave it.
        </>
      ) : (
        'Your token has no name: what you write and change is kept, but nobody sees that it was you.'
      )}
    </p>
  );
}
