/** The left pane: "+ New", the views with their counts, the outbox, and the link at the bottom. */
import { type ReactNode, useState } from 'react';
import Badge from 'react-bootstrap/Badge';
import Button from 'react-bootstrap/Button';
import Nav from 'react-bootstrap/Nav';
import { KeyHint, keysOfControl } from '../../components/Kbd.tsx';
import { useFace } from '../../state/boot.tsx';
import { type CommandId, commands } from '../../state/command-registry.ts';
import { runCommand } from '../../state/commands.ts';
import { useOutbox } from '../../state/live.tsx';
import { countText } from '../../state/locale.ts';
import { useNavigation, useShowView } from '../../state/navigation.tsx';
import type { View } from '../../state/views.ts';
import { RenameDialog } from './RenameDialog.tsx';
import type { Counts } from './use-counts.ts';
import { ViewList } from './ViewList.tsx';

export interface SidebarProps {
  views: readonly View[];
  /** How many tickets each holds; undefined while that is not known. */
  counts: Counts | undefined;
  /** What the counts are of while a search narrows the list. */
  countsNote: string | null;
  /** At the bottom, for a sidebar that stands alone. */
  footer?: ReactNode;
  /** After something was chosen, for a sidebar that covers the list. */
  onChosen?: () => void;
}

export function Sidebar({ views, counts, countsNote, footer, onChosen }: SidebarProps) {
  const showView = useShowView();
  const { accelerator, key } = commands[0];
  // A browser keeps Ctrl+N for itself.
  const newKeys = useFace().kind === 'desktop' ? accelerator : key;
  const [renaming, setRenaming] = useState<View | null>(null);
  const choose = (id: CommandId) => {
    runCommand(id);
    onChosen?.();
  };
  const of = (kind: View['kind']) => views.filter((view) => view.kind === kind);
  const list = {
    counts,
    onChoose(view: View) {
      showView(view);
      onChosen?.();
    },
    onRename: setRenaming,
  };
  return (
    <nav className="sidebar d-flex flex-column h-100" aria-label="Views">
      <div className="d-flex flex-wrap p-2">
        <Button
          size="sm"
          className="flex-grow-1 d-flex align-items-center gap-1 py-2 me-1"
          onClick={() => choose('new-ticket')}
          {...keysOfControl(newKeys)}
        >
          <span aria-hidden="true">+</span> New <KeyHint keys={newKeys} />
        </Button>
        <IconButton label="Keyboard shortcuts" onClick={() => choose('shortcuts')}>
          <path d="M5.6 6.2a2.4 2.4 0 1 1 3.4 2.2c-.7.4-1 .8-1 1.6M8 12.6v.2" {...stroke} />
        </IconButton>
        <IconButton label="Settings" onClick={() => choose('settings')}>
          <path d="M2 4.5h6M12 4.5h2M2 11.5h2M8 11.5h6M10 2.7v3.6M6 9.7v3.6" {...stroke} />
        </IconButton>
      </div>
      <div className="flex-grow-1 overflow-auto px-2">
        <ViewList heading="Views" note={countsNote} views={of('built-in')} {...list} />
        <ViewList heading="My views" views={of('own')} {...list} />
        <ViewList heading="Shared views" views={of('shared')} {...list} />
        <OutboxItem choose={choose} />
      </div>
      {renaming && <RenameDialog view={renaming} onClose={() => setRenaming(null)} />}
      {footer && <div className="border-top">{footer}</div>}
    </nav>
  );
}

const stroke = { fill: 'none', stroke: 'currentColor', strokeWidth: 1.6, strokeLinecap: 'round' } as const;

function IconButton({ label, onClick, children }: { label: string; onClick(): void; children: ReactNode }) {
  return (
    <Button
      variant="link"
      size="sm"
      className="px-2 text-body-secondary"
      aria-label={label}
      title={label}
      onClick={onClick}
    >
      <svg viewBox="0 0 16 16" className="glyph d-block" aria-hidden="true">
        {children}
      </svg>
    </Button>
  );
}

interface ChooseProps {
  choose(id: CommandId): void;
}

function OutboxItem({ choose }: ChooseProps) {
  const { panel } = useNavigation();
  const { waiting, failed } = useOutbox();
  const total = waiting + failed;
  return (
    <Nav variant="pills" className="flex-column mt-3">
      <Nav.Link as="button" aria-pressed={panel.kind === 'outbox'} onClick={() => choose('view-outbox')}>
        <svg viewBox="0 0 16 16" className="glyph text-body-secondary" aria-hidden="true">
          <path d="M8 9.5V2.2M5 5l3-3 3 3M2.2 9.5v4h11.6v-4" {...stroke} strokeLinejoin="round" />
        </svg>
        <span className="flex-grow-1 text-start">Outbox</span>
        {failed > 0 && (
          <Badge bg="danger" className="fw-normal">
            {failed} failed
          </Badge>
        )}
        <span className="count">{countText(total)}</span>
      </Nav.Link>
    </Nav>
  );
}
