/** What main does for the page with updates. */
import { DeskError } from '../../backend/errors.ts';
import { lockedFields, type Rules } from '../effective-settings.ts';
import type { SettingsStore } from '../settings.ts';
import type { Updates } from '../updates/updates.ts';
import type { Handlers } from './contract.ts';

export function updateHandlers(options: {
  updates: Pick<Updates, 'status' | 'look' | 'policyChanged'>;
  settings: Pick<SettingsStore, 'update'>;
  config: Rules;
}): Pick<Handlers, 'updateStatus' | 'lookForUpdates' | 'setUpdates'> {
  const { updates, settings, config } = options;
  return {
    updateStatus: async () => updates.status(),
    lookForUpdates: () => updates.look(),
    async setUpdates(policy) {
      if (lockedFields(config).updates)
        throw new DeskError('FORBIDDEN', 'Whether updates are looked for is set by your organisation.', {
          field: 'updates',
        });
      await settings.update({ updates: policy });
      return updates.policyChanged();
    },
  };
}
