/** Brings back the form that stood open when the desk went away, however it went. Shows nothing. */
import { useEffect, useState } from 'react';
import { type DraftKey, editKey, useOpenForm } from '../state/drafts.ts';
import type { LinkInfo } from '../state/live.tsx';
import { useLink } from '../state/live.tsx';
import { useNavigation } from '../state/navigation.tsx';
import { type Panel, panelAddress, panelAt } from '../state/panel-stack.ts';

export function OpenForm() {
  const { panel, open } = useNavigation();
  const link = useLink();
  const { loaded, address, keep, has } = useOpenForm();
  const [isBack, setBack] = useState(false);
  useEffect(() => {
    // Which ticket a number means is known with the service.
    if (!loaded || isBack || link.service === '') return;
    const form = panelAt(address ?? '');
    const key = draftKeyOf(form, link);
    // Where something is open already, a reload or a link has said what.
    if (panel.kind === 'none' && key !== null && has(key)) open(form);
    setBack(true);
  }, [loaded, isBack, address, link, panel, has, open]);
  useEffect(() => {
    if (isBack) keep(draftKeyOf(panel, link) === null ? null : panelAddress(panel));
  }, [isBack, panel, link, keep]);
  return null;
}

/** What is typed in this panel is kept under this key; null where nothing is typed. */
function draftKeyOf(panel: Panel, link: Pick<LinkInfo, 'service'>): DraftKey | null {
  switch (panel.kind) {
    case 'new-ticket':
      return 'new-ticket';
    case 'ticket':
      return editKey(panel.id, link);
    case 'create':
      return `create:${panel.requestId}`;
    default:
      return null;
  }
}
