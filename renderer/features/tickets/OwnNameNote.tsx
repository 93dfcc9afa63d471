/** Asks once, above the list, whether the name that the system proposed is the person's. */
import { useState } from 'react';
import { OwnNameForm } from '../../components/OwnNameForm.tsx';
import { WordButton } from '../../components/SmallButton.tsx';
import { ownNameOf } from '../../state/agents.tsx';
import { type Settings, useFace } from '../../state/boot.tsx';
import { focusList } from '../../state/navigation.tsx';
import { useStore } from '../../state/store.ts';
import { showToast } from '../../state/toasts.ts';

export function OwnNameNote() {
  const face = useFace();
  return face.kind === 'desktop' ? <Note settings={face.settings} /> : null;
}

function Note({ settings }: { settings: Settings }) {
  const { agent, profile } = useStore(settings.saved);
  const [isChanging, setChanging] = useState(false);
  // A team's server may know the person by their token.
  if (agent.isConfirmed || profile === 'team') return null;
  const confirm = async () => {
    const answer = await settings.saveName(agent.name);
    if (!answer.ok) return showToast({ text: answer.error.message });
    // The button that had the focus is gone.
    focusList();
  };
  return (
    <section
      aria-label="Your name"
      className="d-flex flex-wrap align-items-center gap-2 px-3 py-1 small border-bottom"
    >
      {isChanging ? (
        <OwnNameForm
          settings={settings}
          onLeave={() => {
            setChanging(false);
            focusList();
          }}
        />
      ) : (
        <>
          <span className="me-auto text-break">
            You work here as <strong>{ownNameOf(agent)}</strong>.
          </span>
          <WordButton onClick={() => setChanging(true)}>Change</WordButton>
          <WordButton onClick={() => void confirm()}>OK</WordButton>
        </>
      )}
    </section>
  );
}
