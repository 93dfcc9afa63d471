/** A word in a sentence that opens a ticket beside the list. */
import Button from 'react-bootstrap/Button';
import { useNavigation } from '../state/navigation.tsx';

export function OpenTicket({ id }: { id: number }) {
  const { open } = useNavigation();
  return (
    <Button
      variant="link"
      size="sm"
      className="p-0 ms-1 align-baseline"
      onClick={() => open({ kind: 'ticket', id })}
    >
      Open #{id}
    </Button>
  );
}
