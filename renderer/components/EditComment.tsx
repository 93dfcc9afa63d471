/** The text of a comment while its author changes it, stored or waiting; kept on disk as it is typed. */
import Button from 'react-bootstrap/Button';
import Form from 'react-bootstrap/Form';
import { type Draft, useDiscard, useMendedComment } from '../state/drafts.ts';
import { focusList } from '../state/navigation.tsx';
import { SmallButton } from './SmallButton.tsx';

/** The comment whose text has the focus, which stays there when the waiting comment becomes the stored one. */
let typedIn: string | null = null;

/**
 * Where the author of a comment changes it; `text` is null while they do not.
 * @param save answers whether it was done
 */
export function useEditComment(comment: string, save: (body: string) => Promise<boolean>) {
  const draft = useMendedComment(comment);
  const text = draft.draft;
  return {
    comment,
    draft,
    text,
    begin(body: string) {
      typedIn = comment;
      draft.set(body);
    },
    async save() {
      // What is typed while this is on its way stays to be saved.
      if (text !== null && (await save(text)) && draft.latest() === text) draft.set(null);
    },
  };
}

/** Where one goes on writing; the browser begins a longer text at its beginning. */
const goToEnd = (box: HTMLTextAreaElement | null) =>
  box?.setSelectionRange(box.value.length, box.value.length);

interface EditCommentProps {
  edit: ReturnType<typeof useEditComment>;
  /** As it is without the change. */
  body: string;
}

export function EditComment({ edit: { comment, draft, text, save }, body }: EditCommentProps) {
  const discard = useDiscard(draft as Draft<string>, 'Your change was discarded.');
  const isChanged = text !== body;
  const leave = () => (isChanged ? discard() : draft.set(null));
  return (
    <Form
      aria-label="Edit this comment"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Form.Control
        ref={goToEnd}
        as="textarea"
        rows={5}
        dir="auto"
        aria-label="Comment"
        value={text ?? ''}
        autoFocus={typedIn === comment}
        onFocus={() => {
          typedIn = comment;
        }}
        onBlur={() => {
          typedIn = null;
        }}
        onChange={({ target }) => draft.set(target.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.stopPropagation();
            if (!isChanged) leave();
            focusList();
          }
          if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) void save();
        }}
      />
      <div className="d-flex gap-2 my-2">
        <Button type="submit" size="sm" disabled={text?.trim() === ''}>
          Save
        </Button>
        <SmallButton onClick={leave}>Cancel</SmallButton>
      </div>
    </Form>
  );
}
