/** The window: sidebar, list and detail, with the dividers between them and the dialogs over them. */
import { type CSSProperties, useState } from 'react';
import Button from 'react-bootstrap/Button';
import Offcanvas from 'react-bootstrap/Offcanvas';
import { LinkMark } from '../features/link/index.ts';
import { NewTicketPanel } from '../features/new-ticket/index.ts';
import { CreatePanel, OutboxPanel } from '../features/outbox/index.ts';
import { SettingsPanel } from '../features/settings/index.ts';
import { TicketPanel } from '../features/ticket/index.ts';
import { searchedText, TicketsPane } from '../features/tickets/index.ts';
import { ToastStack } from '../features/toasts/index.ts';
import { Sidebar, useCounts } from '../features/views/index.ts';
import { useRunCommand } from '../state/commands.tsx';
import { type Panel, useDesk } from '../state/desk.tsx';
import { Divider, useWidth } from './Divider.tsx';
import { Notices } from './Notices.tsx';

export function Frame({ notices }: { notices: readonly string[] }) {
  const { panel, view } = useDesk();
  const [search, setSearch] = useState('');
  const [menuShown, setMenuShown] = useState(false);
  const counts = useCounts(searchedText(search));
  const sidebar = useWidth({ name: 'sidebar-px', defaultPx: 210, minPx: 170, maxPx: 360 });
  const detail = useWidth({ name: 'detail-px', defaultPx: 440, minPx: 340, maxPx: 900 });
  const withDetail = panel.kind !== 'none';
  const views = { counts, countsNote: searchedText(search) === '' ? null : 'found' };
  return (
    <main
      className={`frame ${withDetail ? 'with-detail' : ''}`}
      style={{ '--sidebar-px': `${sidebar.px}px`, '--detail-px': `${detail.px}px` } as CSSProperties}
    >
      <Notices notices={notices} />
      <div className="pane sidebar-pane">
        <Sidebar {...views} />
      </div>
      <div className="pane link-pane border-top">
        <LinkMark />
      </div>
      <Divider label="Width of the views" width={sidebar} side="left" />
      <div className="pane list-pane">
        <TicketsPane
          total={counts?.get(view)}
          deskIsEmpty={counts !== undefined && [...counts.values()].every((count) => count === 0)}
          onSearch={setSearch}
          menuButton={<NarrowButtons onMenu={() => setMenuShown(true)} />}
        />
      </div>
      {withDetail && (
        <>
          <Divider label="Width of the detail" width={detail} side="right" className="detail-divider" />
          <div className="pane detail-pane">
            <PanelView panel={panel} />
          </div>
        </>
      )}
      <ToastStack />
      <Offcanvas show={menuShown} onHide={() => setMenuShown(false)} aria-label="Views" className="w-75">
        <Sidebar {...views} footer={<LinkMark />} onChosen={() => setMenuShown(false)} />
      </Offcanvas>
    </main>
  );
}

/** What the hidden sidebar would offer, where there is no room for it. */
function NarrowButtons({ onMenu }: { onMenu(): void }) {
  const run = useRunCommand();
  return (
    <div className="d-flex gap-2 d-md-none">
      <Button size="sm" variant="outline-secondary" aria-label="Views and outbox" onClick={onMenu}>
        ☰
      </Button>
      <Button size="sm" aria-label="New ticket" onClick={() => run('new-ticket')}>
        +
      </Button>
    </div>
  );
}

function PanelView({ panel }: { panel: Panel }) {
  switch (panel.kind) {
    case 'ticket':
      return <TicketPanel key={panel.id} id={panel.id} />;
    case 'create':
      return <CreatePanel key={panel.requestId} requestId={panel.requestId} />;
    case 'new-ticket':
      return <NewTicketPanel />;
    case 'outbox':
      return <OutboxPanel />;
    case 'settings':
      return <SettingsPanel />;
    case 'none':
      return null;
  }
}
