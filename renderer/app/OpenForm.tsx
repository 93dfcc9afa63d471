/** Brings back the form that stood open when the desk went away, however it went. Shows nothing. */
import { useEffect, useState } from 'react';
import { useDesk } from '../state/desk.tsx';
import { type DraftKey, useOpenForm } from '../state/drafts.ts';
import { type Panel, panelAddress, panelAt } from '../state/panel-stack.ts';

export function OpenForm() {
  const { panel, open } = useDesk();
  const { loaded, address, keep, has } = useOpenForm();
  const [isBack, setBack] = useState(false);
  useEffect(() => {
    if (!loaded || isBack) return;
    const form = panelAt(address ?? '');
    const key = draftKeyOf(form);
    // Where something is open already, a reload or a link has said what.
    if (panel.kind === 'none' && key !== null && has(key)) open(form);
    setBack(true);
  }, [loaded, isBack, address, panel, has, open]);
  useEffect(() => {
    if (isBack) keep(draftKeyOf(panel) === null ? null : panelAddress(panel));
  }, [isBack, panel, keep]);
  return null;
}

/** What is typed in this panel is kept under this key; null where nothing is typed. */
function draftKeyOf(panel: Panel): DraftKey | null {
  switch (panel.kind) {
    case 'new-ticket':
      return 'new-ticket';
    case 'ticket':
      return `edit:${panel.id}`;
    case 'create':
      return `create:${panel.requestId}`;
    default:
      return null;
  }
}
