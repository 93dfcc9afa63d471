/** Above the list: saves it as a view, and says when it differs from the saved one. */
import { useState } from 'react';
import { uuidv7 } from 'uuidv7';
import { withKey } from '../../components/Kbd.tsx';
import { SmallButton, WordButton } from '../../components/SmallButton.tsx';
import { useCommand } from '../../state/commands.ts';
import { useBlocked } from '../../state/live.tsx';
import { useNavigation } from '../../state/navigation.tsx';
import type { ViewToSave } from '../../state/own-views.tsx';
import { shownList } from '../../state/shown-list.ts';
import { useStore } from '../../state/store.ts';
import { useViewActions } from './use-view-actions.ts';
import { ViewDialog } from './ViewDialog.tsx';

export function ViewBar() {
  const { view, setView } = useNavigation();
  const shown = useStore(shownList);
  const blocked = useBlocked();
  const { change } = useViewActions(view, []);
  const [draft, setDraft] = useState<ViewToSave | null>(null);
  const begin = () => {
    if (!shown) return;
    const { query, order, columns } = shown;
    const blank = { name: '', kind: 'own', key: null, version: 0 } as const;
    setDraft({ ...blank, id: uuidv7(), query, order, columns });
  };
  useCommand('save-view', begin);
  return (
    <>
      {view.kind !== 'built-in' && shown?.isChanged && (
        <section aria-label="Changed view" className="d-flex align-self-center gap-2 small">
          <span className="text-body-secondary">Changed</span>
          <WordButton disabled={blocked !== null} title={blocked ?? undefined} onClick={change}>
            Save
          </WordButton>
          <WordButton onClick={shown.reset}>Reset</WordButton>
        </section>
      )}
      <SmallButton aria-label="Save as a view" title={withKey('Save as a view', 'v')} onClick={begin}>
        <svg viewBox="0 0 16 16" className="glyph" aria-hidden="true" fill="none" stroke="currentColor">
          <path d="M4 2.5h8v11L8 10.2l-4 3.3Z" strokeWidth={1.5} strokeLinejoin="round" />
        </svg>
      </SmallButton>
      {draft && (
        <ViewDialog
          title="Save as a view"
          view={draft}
          onClose={() => setDraft(null)}
          onSaved={(saved) => {
            shown?.reset();
            setView(saved);
          }}
        />
      )}
    </>
  );
}
