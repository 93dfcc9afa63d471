import { screen, waitFor } from '@testing-library/react';
import { expect, it } from 'vitest';
import type { LinkObstacle } from '../../graphql/generated/operations.ts';
import type { Face } from '../../state/boot.tsx';
import { useNavigation } from '../../state/navigation.tsx';
import { draw } from '../../testing/draw.tsx';
import { linkEvent } from '../../testing/link-event.ts';
import { LinkNote } from './LinkNote.tsx';

const Shown = () => `shown: ${useNavigation().panel.kind}`;

function drawNote(face?: Face) {
  const drawn = draw(
    <>
      <LinkNote />
      <Shown />
    </>,
    face ? { face } : {},
  );
  const lose = (obstacle: LinkObstacle | null) =>
    drawn.events.next(linkEvent({ state: 'OFFLINE', serviceVersion: null, reason: '', obstacle }));
  return { ...drawn, lose };
}

it('says what is wrong and what to do where waiting does not bring the link back, and leaves with it', async () => {
  const { lose, person } = drawNote({ kind: 'desktop' } as Face);
  lose('REFUSED');
  expect((await screen.findByRole('alert')).textContent).toMatch(
    /does not let this desk in\. Check its token in the settings, .* kept on this computer\./,
  );
  lose('SETUP');
  await screen.findByText(/can't be reached as it is set up here/);
  await person.click(screen.getByRole('button', { name: 'Open the settings' }));
  await screen.findByText('shown: settings');
  lose(null);
  await waitFor(() => expect(screen.queryByRole('alert')).toBeNull());
});

it('sends to whoever runs the desk who works in a browser', async () => {
  drawNote().lose('REFUSED');
  await screen.findByText(/Tell whoever runs the desk: .* kept on the server\./);
});
