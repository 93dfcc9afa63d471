/** Which columns the list shows. */
import Dropdown from 'react-bootstrap/Dropdown';
import { type Column, optionalColumns } from './columns.ts';

export interface ColumnsMenuProps {
  shown: readonly Column[];
  onToggle(name: Column['name']): void;
}

export function ColumnsMenu({ shown, onToggle }: ColumnsMenuProps) {
  return (
    <Dropdown align="end" autoClose="outside">
      <Dropdown.Toggle
        size="sm"
        variant="outline-secondary"
        className="no-caret"
        aria-label="Columns of the list"
        title="Columns of the list"
      >
        <svg viewBox="0 0 16 16" className="glyph" aria-hidden="true" fill="none" stroke="currentColor">
          <path d="M2 3h12v10H2ZM6 3v10M10 3v10" strokeWidth={1.5} strokeLinejoin="round" />
        </svg>
      </Dropdown.Toggle>
      <Dropdown.Menu role="menu" aria-label="Columns of the list">
        {optionalColumns.map((column) => {
          const isShown = shown.includes(column);
          return (
            <Dropdown.Item
              as="button"
              type="button"
              key={column.name}
              role="menuitemcheckbox"
              aria-checked={isShown}
              onClick={() => onToggle(column.name)}
            >
              <span className="d-inline-block text-center me-2" style={{ width: '1rem' }} aria-hidden="true">
                {isShown && '✓'}
              </span>
              {column.heading}
            </Dropdown.Item>
          );
        })}
      </Dropdown.Menu>
    </Dropdown>
  );
}
