/** The commands that belong to the desk as a whole, and the dialogs that two of them open. */
import { useState } from 'react';
import { Palette, ShortcutsDialog } from '../features/shortcuts/index.ts';
import { useFace } from '../state/boot.tsx';
import type { CommandId } from '../state/command-registry.ts';
import { useCommand } from '../state/commands.tsx';
import { type Panel, useDesk } from '../state/desk.tsx';
import { setTheme, type Theme } from '../state/theme.ts';
import { type View, views } from '../state/views.ts';

export function DeskCommands() {
  const [dialog, setDialog] = useState<'palette' | 'shortcuts' | null>(null);
  const close = () => setDialog(null);
  useCommand('palette', () => setDialog('palette'));
  useCommand('shortcuts', () => setDialog('shortcuts'));
  return (
    <>
      <OpensPanel id="new-ticket" panel={{ kind: 'new-ticket' }} />
      <OpensPanel id="view-outbox" panel={{ kind: 'outbox' }} />
      <OpensPanel id="settings" panel={{ kind: 'settings' }} />
      <LooksForUpdates />
      {views.map((view) => (
        <ShowsView key={view.id} id={view.command} view={view.id} />
      ))}
      <SetsTheme id="theme-system" theme="system" />
      <SetsTheme id="theme-light" theme="light" />
      <SetsTheme id="theme-dark" theme="dark" />
      <Palette shown={dialog === 'palette'} onClose={close} />
      <ShortcutsDialog shown={dialog === 'shortcuts'} onClose={close} />
    </>
  );
}

function OpensPanel({ id, panel }: { id: CommandId; panel: Panel }) {
  const { open } = useDesk();
  useCommand(id, () => open(panel));
  return null;
}

/** How it comes out stands in the settings. */
function LooksForUpdates() {
  const { open } = useDesk();
  const face = useFace();
  const isDesktop = face.kind === 'desktop';
  useCommand(
    'look-for-updates',
    () => {
      open({ kind: 'settings' });
      if (isDesktop) void face.bridge.lookForUpdates();
    },
    { enabled: isDesktop, disabledReason: "The page in a browser is always the server's own version." },
  );
  return null;
}

/** A view is the list: where the detail covers it, it makes way. */
function ShowsView({ id, view }: { id: CommandId; view: View }) {
  const { setView, open } = useDesk();
  useCommand(id, () => {
    setView(view);
    if (matchMedia('(max-width: 62.49em)').matches) open({ kind: 'none' });
  });
  return null;
}

function SetsTheme({ id, theme }: { id: CommandId; theme: Theme }) {
  useCommand(id, () => setTheme(theme));
  return null;
}
