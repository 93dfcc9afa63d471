/** A word in a sentence that opens a ticket beside the list. */
import { useNavigation } from '../state/navigation.tsx';
import { WordButton } from './SmallButton.tsx';

export function OpenTicket({ id }: { id: number }) {
  const { open } = useNavigation();
  return (
    <WordButton className="p-0 ms-1 align-baseline" onClick={() => open({ kind: 'ticket', id })}>
      Open #{id}
    </WordButton>
  );
}
