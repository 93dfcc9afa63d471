/** Every command and its keys. */
import { Fragment } from 'react';
import Modal from 'react-bootstrap/Modal';
import { termNames } from '../../../proto/search-language.ts';
import { shownText } from '../../../proto/visible-text.ts';
import { Dialog } from '../../components/Dialog.tsx';
import { Kbd } from '../../components/Kbd.tsx';
import { commands } from '../../state/command-registry.ts';
import { keysOf } from '../../state/keys.ts';
import { useViews } from '../../state/own-views.tsx';
import { keysTo } from '../../state/views.ts';

const groups = ['File', 'Edit', 'View', 'Ticket', 'Help'] as const;

/** Keys that belong to a place rather than to a command. */
const places = [
  { keys: 'Enter', label: 'Open the ticket at the cursor, then into it' },
  { keys: 'Space', label: 'Read on in the open ticket' },
  { keys: 'Escape', label: 'Back one level' },
  { keys: '↑ ↓', label: 'Move in the list; with Shift choose rows' },
] as const;

export function ShortcutsDialog({ shown, onClose }: { shown: boolean; onClose(): void }) {
  const views = useViews();
  const ownViews = views.flatMap((view) => {
    const keys = keysTo(view, views);
    return keys === null ? [] : { label: shownText(view.name), keys: [keys] };
  });
  return (
    <Dialog title="Keyboard shortcuts" show={shown} onHide={onClose} size="lg" scrollable>
      {/* Where it does not fit, it is scrolled by keys. */}
      <Modal.Body tabIndex={0}>
        <p className="text-body-secondary small">Single keys rest while you type in a text field.</p>
        <div className="shortcut-columns">
          {groups.map((group) => (
            <Fragment key={group}>
              <ShortcutGroup
                title={group === 'View' ? 'View and go to' : group}
                rows={commands
                  .filter((command) => command.menu === group && keysOf(command).length > 0)
                  .map((command) => ({ label: command.label, keys: keysOf(command) }))}
              />
              {group === 'View' && ownViews.length > 0 && (
                <ShortcutGroup title="Views of your own" rows={ownViews} />
              )}
              {group === 'View' && <SearchGroup />}
            </Fragment>
          ))}
          <ShortcutGroup
            title="In the list"
            rows={places.map(({ label, keys }) => ({ label, keys: [keys] }))}
          />
        </div>
      </Modal.Body>
    </Dialog>
  );
}

function SearchGroup() {
  return (
    <ShortcutGroup
      title="In the search box"
      rows={[{ label: 'Complete what is typed', keys: ['Tab'] }]}
      note={`Words are found by their beginning, "phrases" whole; a dash excludes. Terms: ${termNames()
        .map((term) => `${term}:`)
        .join(' ')}`}
    />
  );
}

function ShortcutGroup({
  title,
  rows,
  note,
}: {
  title: string;
  rows: { label: string; keys: readonly string[] }[];
  note?: string;
}) {
  return (
    <section className="shortcut-group">
      <h3 className="h6">{title}</h3>
      <dl className="mb-0">
        {rows.map(({ label, keys }) => (
          <div key={label} className="d-flex justify-content-between gap-3 py-1 border-top small">
            <dt className="fw-normal">{label}</dt>
            <dd className="mb-0 text-nowrap">
              {keys.map((each, index) => (
                <span key={each}>
                  {index > 0 && <span className="text-body-secondary"> or </span>}
                  <Kbd keys={each} />
                </span>
              ))}
            </dd>
          </div>
        ))}
      </dl>
      {note && <p className="text-body-secondary small border-top pt-1 mb-0">{note}</p>}
    </section>
  );
}
