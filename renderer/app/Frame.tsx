/** The window: sidebar, list and detail, with the dividers between them and the dialogs over them. */
import { type CSSProperties, useState } from 'react';
import Alert from 'react-bootstrap/Alert';
import Button from 'react-bootstrap/Button';
import Offcanvas from 'react-bootstrap/Offcanvas';
import { SmallButton } from '../components/SmallButton.tsx';
import { BulkActions } from '../features/bulk/BulkActions.tsx';
import { BulkStrip } from '../features/bulk/BulkStrip.tsx';
import { ExportDialog } from '../features/export/ExportDialog.tsx';
import { ImportDialog } from '../features/import/ImportDialog.tsx';
import { LinkMark } from '../features/link/LinkMark.tsx';
import { LinkNote } from '../features/link/LinkNote.tsx';
import { NewTicketPanel } from '../features/new-ticket/NewTicketPanel.tsx';
import { CreatePanel } from '../features/outbox/CreatePanel.tsx';
import { OutboxPanel } from '../features/outbox/OutboxPanel.tsx';
import { SettingsPanel } from '../features/settings/SettingsPanel.tsx';
import { TicketPanel } from '../features/ticket/TicketPanel.tsx';
import { filterOfView, searchedText } from '../features/tickets/list-filter.ts';
import { TicketsPane } from '../features/tickets/TicketsPane.tsx';
import { ToastStack } from '../features/toasts/ToastStack.tsx';
import { Sidebar } from '../features/views/Sidebar.tsx';
import { exactTotal, useCounts } from '../features/views/use-counts.ts';
import { ViewBar } from '../features/views/ViewBar.tsx';
import { runCommand } from '../state/commands.ts';
import { type Panel, useNavigation } from '../state/navigation.tsx';
import { useViews } from '../state/own-views.tsx';
import { Divider, useWidth } from './Divider.tsx';
import { useFocusKept } from './use-focus-kept.ts';
import { useMenuKeys } from './use-menu-keys.ts';

export function Frame({ notices }: { notices: readonly string[] }) {
  const { panel, view } = useNavigation();
  const [search, setSearch] = useState('');
  const [menuShown, setMenuShown] = useState(false);
  const views = useViews();
  const counts = useCounts(views, { search: searchedText(search), filterOf: filterOfView });
  const sidebar = useWidth({ name: 'sidebar-px', defaultPx: 210, minPx: 170, maxPx: 360 });
  const detail = useWidth({ name: 'detail-px', defaultPx: 432, minPx: 340, maxPx: 900 });
  useFocusKept();
  useMenuKeys();
  const withDetail = panel.kind !== 'none';
  const sidebarViews = { views, counts, countsNote: searchedText(search) === '' ? null : 'found' };
  return (
    <main
      className={`frame ${withDetail ? 'with-detail' : ''}`}
      style={{ '--sidebar-px': `${sidebar.px}px`, '--detail-px': `${detail.px}px` } as CSSProperties}
    >
      <div className="notices">
        <LinkNote />
        <Notices notices={notices} />
      </div>
      <div className="pane sidebar-pane">
        <Sidebar {...sidebarViews} />
      </div>
      <div className="pane link-pane border-top">
        <LinkMark />
      </div>
      <Divider label="Width of the views" width={sidebar} side="left" />
      <div className="pane list-pane">
        <TicketsPane
          total={exactTotal(counts?.get(view.id))}
          hasNoTickets={counts !== undefined && [...counts.values()].every(({ count }) => count === 0)}
          onSearch={setSearch}
          viewBar={<ViewBar />}
          chosenActions={<BulkActions />}
          menuButton={<NarrowButtons onMenu={() => setMenuShown(true)} />}
        />
        <BulkStrip />
        <ImportDialog />
      </div>
      {withDetail && (
        <>
          <Divider label="Width of the detail" width={detail} side="right" className="detail-divider" />
          <div className="pane detail-pane">
            <PanelView panel={panel} />
          </div>
        </>
      )}
      <ExportDialog />
      <ToastStack />
      <Offcanvas show={menuShown} onHide={() => setMenuShown(false)} aria-label="Views" className="w-75">
        <Sidebar {...sidebarViews} footer={<LinkMark />} onChosen={() => setMenuShown(false)} />
      </Offcanvas>
    </main>
  );
}

/** What the hidden sidebar would offer, where there is no room for it. */
function NarrowButtons({ onMenu }: { onMenu(): void }) {
  return (
    <div className="d-flex gap-2 d-md-none">
      <SmallButton aria-label="Views and outbox" onClick={onMenu}>
        ☰
      </SmallButton>
      <Button size="sm" aria-label="New ticket" onClick={() => runCommand('new-ticket')}>
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

/** What the person should know since the start; each can be put away. */
function Notices({ notices }: { notices: readonly string[] }) {
  const [away, setAway] = useState<ReadonlySet<string>>(new Set());
  const shown = notices.filter((notice) => !away.has(notice));
  return shown.map((notice) => (
    <Alert
      key={notice}
      variant="info"
      dismissible
      className="mb-0 py-2 rounded-0 border-0 border-bottom text-break"
      onClose={() => setAway(new Set([...away, notice]))}
    >
      {notice}
    </Alert>
  ));
}
