/** The search box: proposes terms and values while they are typed, and says quietly what of a search can't be read. */
import { type KeyboardEvent, useId, useLayoutEffect, useState } from 'react';
import Form from 'react-bootstrap/Form';
import { Combobox } from '../../components/Combobox.tsx';
import { knownRequesters } from '../../state/requesters.ts';
import { useSeenTags } from '../../state/seen-tags.ts';
import { complete, completionAt } from './search-completion.ts';
import { Unread } from './Unread.tsx';
import type { Search } from './use-list-query.ts';
import type { QueryReader } from './use-query-reader.ts';

export interface SearchBoxProps {
  search: Search;
  reader: QueryReader;
  /** Back to the list. */
  onLeave(): void;
}

export function SearchBox({ search, reader, onLeave }: SearchBoxProps) {
  const { box, typed, term, refusal, type, go } = search;
  const id = useId();
  const { seen, look } = useSeenTags();
  const [requesters, setRequesters] = useState<readonly string[]>([]);
  const [caret, setCaret] = useState(0);
  const [goTo, setGoTo] = useState<{ caret: number }>();
  const completion = completionAt(typed, caret, {
    context: reader.context(),
    seen: { tags: seen, requesters },
  });
  useLayoutEffect(() => {
    if (goTo) box.current?.setSelectionRange(goTo.caret, goTo.caret);
  }, [box, goTo]);
  const pick = (option: string) => {
    const completed = complete(typed, completion, option);
    type(completed.text);
    setCaret(completed.caret);
    setGoTo({ caret: completed.caret });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.defaultPrevented) return;
    if (event.key === 'Enter' || event.key === 'ArrowDown') go();
    else if (event.key !== 'Escape') return;
    else if (typed !== '') type('');
    else onLeave();
    event.preventDefault();
  };
  const problem = refusal === null && term === typed.trim() ? reader.read(term).problems[0] : undefined;
  // What is still being completed is no problem yet.
  const isShown = problem !== undefined && completion.options.length === 0;
  const describedBy = refusal !== null ? `${id}-refusal` : isShown ? `${id}-problem` : undefined;
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the field within.
    <div className="list-search flex-grow-1" onKeyDown={onKeyDown}>
      <Combobox
        ref={box}
        size="sm"
        type="search"
        placeholder="Search, or #number"
        aria-label="Search tickets"
        aria-keyshortcuts="/"
        aria-describedby={describedBy}
        dir="auto"
        isInvalid={refusal !== null}
        completes
        value={typed}
        onChange={type}
        onSelect={() => setCaret(box.current?.selectionStart ?? 0)}
        onFocus={() => {
          look();
          reader.look();
          setRequesters(knownRequesters());
        }}
        onBlur={() => setCaret(0)}
        proposals={completion.options}
        onPick={pick}
        listLabel="Ways to go on"
      />
      {refusal !== null && (
        <Form.Control.Feedback type="invalid" className="d-block" id={`${id}-refusal`} role="alert">
          {refusal}
        </Form.Control.Feedback>
      )}
      <div role="status" aria-label="What of the search can't be read">
        {/* Described by what stands within: of what has a name of its own, a description is that name. */}
        {isShown && <Unread id={`${id}-problem`} search={term} problem={problem} />}
      </div>
    </div>
  );
}
