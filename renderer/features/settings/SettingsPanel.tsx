/** What can be set: where the tickets are (in the desktop app) and how the desk looks. */
import Form from 'react-bootstrap/Form';
import { PanelFrame } from '../../components/PanelFrame.tsx';
import { useFace } from '../../state/boot.tsx';
import { setTheme, themes, useTheme } from '../../state/theme.ts';
import { BackupSection } from './BackupSection.tsx';
import { ConnectionSection } from './ConnectionSection.tsx';
import { DesktopSection } from './DesktopSection.tsx';
import { MoveSection } from './MoveSection.tsx';
import { ServiceForm, ServiceFormFooter, useServiceForm } from './ServiceForm.tsx';
import { UpdatesSection } from './UpdatesSection.tsx';
import type { DesktopFace } from './use-service-settings.ts';
import { WhoSection } from './WhoSection.tsx';

export function SettingsPanel() {
  const face = useFace();
  if (face.kind === 'desktop') return <DesktopSettings face={face} />;
  return (
    <PanelFrame title="Settings" takesFocus>
      <WhoSection />
      <hr />
      <ConnectionSection />
      <hr />
      <ThemeChoice />
    </PanelFrame>
  );
}

function DesktopSettings({ face }: { face: DesktopFace }) {
  const service = useServiceForm(face);
  return (
    <PanelFrame title="Settings" takesFocus footer={<ServiceFormFooter {...service} />}>
      <ServiceForm {...service} />
      <hr />
      <WhoSection />
      <hr />
      <ConnectionSection />
      <hr />
      <BackupSection face={face} />
      <hr />
      <MoveSection face={face} />
      <hr />
      <DesktopSection face={face} />
      <hr />
      <ThemeChoice />
      <hr />
      <UpdatesSection face={face} />
    </PanelFrame>
  );
}

function ThemeChoice() {
  const theme = useTheme();
  return (
    <fieldset>
      <legend className="h6">Theme</legend>
      {themes.map((id) => (
        <Form.Check
          key={id}
          type="radio"
          name="theme"
          id={`theme-${id}`}
          label={id === 'system' ? 'as the system' : id}
          checked={theme === id}
          onChange={() => setTheme(id)}
        />
      ))}
    </fieldset>
  );
}
