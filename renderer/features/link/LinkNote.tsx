/** On top of the window: that the link stays away until somebody changes something, and what. */
import Alert from 'react-bootstrap/Alert';
import { WordButton } from '../../components/SmallButton.tsx';
import type { LinkObstacle } from '../../graphql/generated/operations.ts';
import { useFace, useOutboxPlace } from '../../state/boot.tsx';
import { useLink } from '../../state/live.tsx';
import { useNavigation } from '../../state/navigation.tsx';

/** In a browser none of it is the reader's to change. The reason itself may name servers: it stands in the settings. */
const remedies: Record<'desktop' | 'web', Record<LinkObstacle, string>> = {
  desktop: {
    REFUSED:
      'The ticket service does not let this desk in. Check its token in the settings, or ask whoever runs the service for a new one.',
    SETUP: "The ticket service can't be reached as it is set up here. The settings say what to change.",
  },
  web: {
    REFUSED:
      'The ticket service does not let this desk in. Tell whoever runs the desk: the settings say why.',
    SETUP:
      "The ticket service can't be reached as this desk is set up. Tell whoever runs the desk: the settings say why.",
  },
};

export function LinkNote() {
  const { obstacle } = useLink();
  const { open } = useNavigation();
  const { kind } = useFace();
  const place = useOutboxPlace();
  if (obstacle === null) return null;
  return (
    <Alert variant="warning" className="mb-0 py-2 rounded-0 border-0 border-bottom">
      {remedies[kind][obstacle]} What you file is kept on {place}.{' '}
      <WordButton className="alert-link p-0 align-baseline" onClick={() => open({ kind: 'settings' })}>
        Open the settings
      </WordButton>
    </Alert>
  );
}
