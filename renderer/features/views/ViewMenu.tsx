/** What can be done with a saved view, behind one button beside it. */
import Dropdown from 'react-bootstrap/Dropdown';
import { quoted } from '../../../proto/visible-text.ts';
import { useBlocked } from '../../state/live.tsx';
import { useNavigation } from '../../state/navigation.tsx';
import { shownList } from '../../state/shown-list.ts';
import { useStore } from '../../state/store.ts';
import type { View } from '../../state/views.ts';
import type { ViewActions } from './use-view-actions.ts';

export interface ViewMenuProps {
  view: View;
  siblings: readonly View[];
  actions: ViewActions;
  onRename(): void;
}

export function ViewMenu({ view, siblings, actions, onRename }: ViewMenuProps) {
  const { view: opened } = useNavigation();
  const shown = useStore(shownList);
  const blocked = useBlocked();
  const at = siblings.indexOf(view);
  const isChanged = opened.id === view.id && shown?.isChanged === true;
  const items: [label: string, run: () => void, isPossible?: boolean][] = [
    ['Rename, key…', onRename],
    ['Change to what is shown now', actions.change, isChanged],
    view.kind === 'own'
      ? ['Share with everybody', () => actions.share('shared')]
      : ['Take as my own', () => actions.share('own')],
    ['Move up', () => void actions.step(-1), at > 0],
    ['Move down', () => void actions.step(1), at < siblings.length - 1],
    ['Delete', actions.remove],
  ];
  return (
    <Dropdown align="end" className="view-menu">
      <Dropdown.Toggle
        as="button"
        type="button"
        className="no-caret"
        aria-label={`What to do with the view ${quoted(view.name)}`}
      >
        <span aria-hidden="true">⋯</span>
      </Dropdown.Toggle>
      {/* Fixed from the first: what has no place yet is else measured from the button, and put far from it. */}
      <Dropdown.Menu popperConfig={{ strategy: 'fixed' }} className="position-fixed">
        {blocked !== null && <Dropdown.ItemText className="small">{blocked}</Dropdown.ItemText>}
        {items.map(([label, run, isPossible = true]) => (
          <Dropdown.Item
            key={label}
            as="button"
            type="button"
            disabled={!isPossible || blocked !== null}
            onClick={run}
          >
            {label}
          </Dropdown.Item>
        ))}
      </Dropdown.Menu>
    </Dropdown>
  );
}
