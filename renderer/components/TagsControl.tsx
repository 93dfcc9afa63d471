/** Tags as chips, and a field for more: Enter or a comma ends a tag, Backspace in the empty field takes the last away. */
import { type ComponentProps, type KeyboardEvent, useRef, useState } from 'react';
import Badge from 'react-bootstrap/Badge';
import CloseButton from 'react-bootstrap/CloseButton';
import Stack from 'react-bootstrap/Stack';
import { foldTags } from '../../proto/fold.ts';
import { proposeTags, useSeenTags } from '../state/seen-tags.ts';
import { Combobox } from './Combobox.tsx';

export interface TagsControlProps
  extends Omit<ComponentProps<typeof Combobox>, 'value' | 'onChange' | 'proposals' | 'listLabel' | 'onPick'> {
  value: readonly string[];
  onChange(value: string[]): void;
}

/** What stands in the field is a tag already: nothing that was typed waits for a key to be kept. */
export function TagsControl({ value, onChange, ...control }: TagsControlProps) {
  const { seen, look } = useSeenTags();
  const place = useRef<HTMLDivElement>(null);
  const [typing, setTyping] = useState<{ text: string; others: readonly string[] } | null>(null);
  const chips = typing?.others ?? value;

  const type = (text: string) => {
    const [last = '', ...ended] = text.split(',').reverse();
    const others = tagsOf([...chips, ...ended]);
    setTyping(last.trim() === '' ? null : { text: last, others });
    onChange(tagsOf([...others, last]));
  };
  const end = () => setTyping(null);
  const remove = (tag: string) => {
    end();
    onChange(value.filter((other) => other !== tag));
    place.current?.querySelector('input')?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const last = chips.at(-1);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === 'Enter' && typing) end();
    else if (event.key === 'Backspace' && !typing && last !== undefined) remove(last);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the keys are those of the field within.
    <div ref={place} onKeyDown={onKeyDown} onFocus={look} onBlur={end}>
      {chips.length > 0 && (
        <Stack
          as="ul"
          direction="horizontal"
          gap={1}
          className="list-unstyled flex-wrap mb-1"
          aria-label="Tags"
        >
          {chips.map((tag) => (
            <li key={tag}>
              <Badge bg="" className="tag d-inline-flex align-items-center" title={tag}>
                <span className="text-truncate" dir="auto">
                  {tag}
                </span>
                <CloseButton
                  className="flex-shrink-0"
                  aria-label={`Remove ${tag}`}
                  onClick={() => remove(tag)}
                />
              </Badge>
            </li>
          ))}
        </Stack>
      )}
      <Combobox
        {...control}
        value={typing?.text ?? ''}
        onChange={type}
        onPick={(tag) => type(`${tag},`)}
        proposals={proposeTags(seen, typing?.text ?? '', chips)}
        listLabel="Tags of other tickets"
        placeholder="Add a tag"
      />
    </div>
  );
}

/** In the form in which they are stored, without empty ones. */
function tagsOf(entries: readonly string[]): string[] {
  return [...new Set(entries.flatMap(foldTags))].filter((tag) => tag !== '').sort();
}
