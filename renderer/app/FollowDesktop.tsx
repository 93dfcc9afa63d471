/** What comes to the page from the desktop: commands of the menu, tickets of links that were followed, another language, another network, backups that failed. */
import { useEffect } from 'react';
import type { DesktopBridge } from '../../proto/desktop-bridge.ts';
import { watchNightly } from '../state/backups.ts';
import { useFace } from '../state/boot.tsx';
import { isCommandId } from '../state/command-registry.ts';
import { runCommand } from '../state/commands.ts';
import { setLocale } from '../state/locale.ts';
import { useNavigation } from '../state/navigation.tsx';

export function FollowDesktop() {
  const face = useFace();
  return face.kind === 'desktop' ? <FollowBridge bridge={face.bridge} /> : null;
}

function FollowBridge({ bridge }: { bridge: DesktopBridge }) {
  const { open } = useNavigation();
  useEffect(() => bridge.onOpenTicket((id) => open({ kind: 'ticket', id })), [bridge, open]);
  useEffect(() => bridge.onCommand((id) => void (isCommandId(id) && runCommand(id))), [bridge]);
  useEffect(() => bridge.onLocale(setLocale), [bridge]);
  useEffect(() => watchNightly(bridge), [bridge]);
  useEffect(() => {
    const tell = () => void bridge.networkChanged();
    addEventListener('online', tell);
    return () => removeEventListener('online', tell);
  }, [bridge]);
  return null;
}
