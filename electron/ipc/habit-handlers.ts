/** What main does for the settings of how the desk lives on this desktop. */
import type { CurrentHabits, Theme } from '../../proto/desktop-bridge.ts';
import type { LoginItem } from '../login-item.ts';
import type { SettingsStore } from '../settings.ts';
import type { Handlers } from './contract.ts';

export interface HabitHandlerOptions {
  settings: Pick<SettingsStore, 'current' | 'update'>;
  login: LoginItem;
  showsTrays(): Promise<boolean>;
  /** The settings of the tray have changed. */
  onSaved(): void;
  /** For all that the system draws. */
  setTheme(theme: Theme): void;
  retryNow(): void;
}

export function habitHandlers(
  options: HabitHandlerOptions,
): Pick<Handlers, 'habits' | 'saveHabits' | 'keepTheme' | 'networkChanged'> {
  const { settings, login } = options;

  async function current(): Promise<CurrentHabits> {
    const [openAtLogin, showsTrays] = await Promise.all([login.isOn(), options.showsTrays()]);
    return { closeToTray: settings.current.closeToTray, openAtLogin, showsTrays };
  }

  return {
    habits: current,
    async saveHabits({ closeToTray, openAtLogin }) {
      const before = await current();
      if (openAtLogin !== before.openAtLogin) await login.set(openAtLogin);
      if (closeToTray !== before.closeToTray) {
        await settings.update({ closeToTray });
        options.onSaved();
      }
      return current();
    },
    async keepTheme(theme) {
      options.setTheme(theme);
      if (theme !== settings.current.theme) await settings.update({ theme });
    },
    async networkChanged() {
      options.retryNow();
    },
  };
}
