/** The text of a comment while its author changes it, stored or waiting. */
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';

interface EditCommentProps {
  text: string;
  onType(text: string): void;
  onSave(): void;
  onLeave(): void;
}

export function EditComment({ text, onType, onSave, onLeave }: EditCommentProps) {
  return (
    <Form
      aria-label="Edit this comment"
      onSubmit={(event) => {
        event.preventDefault();
        onSave();
      }}
    >
      <Form.Control
        as="textarea"
        rows={5}
        dir="auto"
        aria-label="Comment"
        value={text}
        autoFocus
        onChange={({ target }) => onType(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            onLeave();
          }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) onSave();
        }}
      />
      <div className="d-flex gap-2 my-2">
        <Button type="submit" size="sm" disabled={text.trim() === ''}>
          Save
        </Button>
        <Button size="sm" variant="outline-secondary" onClick={onLeave}>
          Cancel
        </Button>
      </div>
    </Form>
  );
}
