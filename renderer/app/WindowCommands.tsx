/** The commands of the whole window, and the dialogs that two of them open. */
import { useState } from 'react';
import { Palette } from '../features/shortcuts/Palette.tsx';
import { ShortcutsDialog } from '../features/shortcuts/ShortcutsDialog.tsx';
import { makeBackup, restoreBackup } from '../state/backups.ts';
import { useFace } from '../state/boot.tsx';
import type { CommandId } from '../state/command-registry.ts';
import { useCommand } from '../state/commands.ts';
import { type Panel, useNavigation, useShowView } from '../state/navigation.tsx';
import { setTheme, themes } from '../state/theme.ts';
import { builtIn, viewCommand } from '../state/views.ts';

const panels: { [Id in CommandId]?: Panel } = {
  'new-ticket': { kind: 'new-ticket' },
  'view-outbox': { kind: 'outbox' },
  settings: { kind: 'settings' },
};

export function WindowCommands() {
  const [dialog, setDialog] = useState<'palette' | 'shortcuts' | null>(null);
  const close = () => setDialog(null);
  const { open } = useNavigation();
  const showView = useShowView();
  useCommand('palette', () => setDialog('palette'));
  useCommand('shortcuts', () => setDialog('shortcuts'));
  useLookForUpdates();
  useBackupCommands();
  return (
    <>
      {Object.entries(panels).map(([id, panel]) => (
        <Answers key={id} id={id as CommandId} run={() => open(panel)} />
      ))}
      {builtIn.map((view) => (
        <Answers key={view.id} id={viewCommand(view)} run={() => showView(view)} />
      ))}
      {themes.map((theme) => (
        <Answers key={theme} id={`theme-${theme}`} run={() => setTheme(theme)} />
      ))}
      <Palette shown={dialog === 'palette'} onClose={close} />
      <ShortcutsDialog shown={dialog === 'shortcuts'} onClose={close} />
    </>
  );
}

/** One command of a list: a hook may stand in no loop, a component may. */
function Answers({ id, run }: { id: CommandId; run: () => void }) {
  useCommand(id, run);
  return null;
}

/** How it comes out stands in the settings. */
function useLookForUpdates(): void {
  const { open } = useNavigation();
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
}

/** How far it is stands in the settings, and main refuses where the tickets are kept elsewhere. */
function useBackupCommands(): void {
  const { open } = useNavigation();
  const face = useFace();
  const enabled = face.kind === 'desktop';
  const disabledReason = "A server's tickets are backed up where it runs, and not from a browser.";
  const answer = (act: typeof makeBackup) => () => {
    open({ kind: 'settings' });
    if (enabled) void act(face.bridge);
  };
  useCommand('back-up', answer(makeBackup), { enabled, disabledReason });
  useCommand('restore-backup', answer(restoreBackup), { enabled, disabledReason });
}
