/** How the desk lives on this computer: in the tray, and at login. Each switch is in force at once. */
import { useCallback, useEffect, useState } from 'react';
import type { BridgeResult, CurrentHabits, Habits } from '../../../proto/desktop-bridge.ts';
import { Problem } from '../../components/Problem.tsx';
import { isMac } from '../../state/keys.ts';
import { SettingSwitch } from './SettingField.tsx';
import type { DesktopFace } from './use-service-settings.ts';

const tray = isMac ? 'menu bar' : 'tray';

export function DesktopSection({ face: { bridge } }: { face: DesktopFace }) {
  const [habits, setHabits] = useState<CurrentHabits | null>(null);
  const [failure, setFailure] = useState<string | null>(null);
  const take = useCallback((answer: BridgeResult<CurrentHabits>) => {
    if (answer.ok) setHabits(answer.value);
    setFailure(answer.ok ? null : answer.error.message);
  }, []);
  useEffect(() => {
    void bridge.habits().then(take);
  }, [bridge, take]);
  const change = (changed: Partial<Habits>) => {
    if (!habits) return;
    const { closeToTray, openAtLogin } = { ...habits, ...changed };
    setHabits({ ...habits, closeToTray, openAtLogin });
    void bridge.saveHabits({ closeToTray, openAtLogin }).then((answer) => {
      take(answer);
      // The switch goes back to what is true.
      if (!answer.ok) setHabits(habits);
    });
  };
  const hasNoTray = habits !== null && !habits.showsTrays;
  return (
    <fieldset>
      <legend className="h6">On this computer</legend>
      <SettingSwitch
        id="close-to-tray"
        label={`Keep running in the ${tray} when the window is closed`}
        isOn={habits?.closeToTray ?? false}
        // What is on can always be switched off.
        disabled={!habits || (hasNoTray && !habits.closeToTray)}
        onChange={(closeToTray) => change({ closeToTray })}
        note={
          hasNoTray
            ? 'This desktop shows no tray, so closing the window quits Ticket Desk. On GNOME the extension AppIndicator adds one.'
            : `What waits to be sent goes out meanwhile. Quit from the menu, or from the ${tray}.`
        }
      />
      <SettingSwitch
        id="open-at-login"
        label="Start at login"
        isOn={habits?.openAtLogin ?? false}
        disabled={!habits}
        onChange={(openAtLogin) => change({ openAtLogin })}
        note={
          habits?.closeToTray && !hasNoTray
            ? `It starts in the ${tray}, without its window.`
            : 'It starts with its window.'
        }
      />
      <p className="form-text mb-0">Dates and numbers follow your system's region; the words are English.</p>
      <Problem text={failure} className="py-2 px-3 small mt-2 mb-0" />
    </fieldset>
  );
}
