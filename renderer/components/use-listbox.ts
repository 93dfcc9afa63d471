/** The keys and the roles of a text field with a list of options below it: the field keeps the focus all the while. */
import { type KeyboardEvent, useId, useState } from 'react';

export interface ListboxOptions<Option> {
  options: readonly Option[];
  /** The name of the list, for a screen reader. */
  label: string;
  onPick(option: Option): void;
  /** Whether the first option is the chosen one from the start; else none is until an arrow is pressed. */
  beginsAtFirst: boolean;
}

export function useListbox<Option>({ options, label, onPick, beginsAtFirst }: ListboxOptions<Option>) {
  const id = useId();
  const first = beginsAtFirst ? 0 : -1;
  const [at, setAt] = useState(first);
  const chosen = options[Math.min(at, options.length - 1)];
  const optionId = (option: Option) => `${id}-${options.indexOf(option)}`;

  function move(step: 1 | -1): void {
    // From nowhere down is the first, up is the last; and round and round.
    const from = chosen ? options.indexOf(chosen) : step === 1 ? -1 : options.length;
    setAt((from + step + options.length) % options.length);
  }

  return {
    chosen,
    pick: onPick,
    /** Nothing is chosen any more, or the first option again. */
    reset: () => setAt(first),
    /** Answers whether the key was one of the list's. */
    onKey(event: KeyboardEvent): boolean {
      if (options.length === 0 || event.ctrlKey || event.metaKey || event.altKey) return false;
      if (event.key === 'ArrowDown') move(1);
      else if (event.key === 'ArrowUp') move(-1);
      else if (event.key === 'Enter' && chosen) onPick(chosen);
      else return false;
      event.preventDefault();
      return true;
    },
    fieldProps: {
      role: 'combobox',
      'aria-autocomplete': 'list',
      'aria-controls': id,
      'aria-activedescendant': chosen ? optionId(chosen) : undefined,
    } as const,
    listProps: { id, role: 'listbox', 'aria-label': label } as const,
    optionProps: (option: Option) =>
      ({
        id: optionId(option),
        role: 'option',
        'aria-selected': option === chosen,
        ref: (element: HTMLElement | null) => {
          if (option === chosen) element?.scrollIntoView({ block: 'nearest' });
        },
        // The field keeps the focus.
        onMouseDown: (event: { preventDefault(): void }) => event.preventDefault(),
        onClick: () => onPick(option),
      }) as const,
  };
}
