/** Name, owner and key of a view that was saved: here as long as the person types, also where others delete the view. */
import { useRef } from 'react';
import { useViews } from '../../state/own-views.tsx';
import type { View } from '../../state/views.ts';
import { toSave, useViewActions } from './use-view-actions.ts';
import { ViewDialog } from './ViewDialog.tsx';

export function RenameDialog({ view, onClose }: { view: View; onClose(): void }) {
  const now = useViews().find(({ id }) => id === view.id);
  const last = useRef(view);
  if (now) last.current = now;
  const { tellChange } = useViewActions(last.current, []);
  const known = toSave(last.current);
  const dialog = now
    ? { view: known, onSaved: tellChange }
    : { view: { ...known, version: 0 }, note: goneNote, onSaved: () => undefined };
  return <ViewDialog title="Rename the view" {...dialog} onClose={onClose} />;
}

const goneNote = 'Somebody has deleted this view meanwhile. Save makes it anew.';
