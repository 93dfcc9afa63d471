/** The tags of a ticket, as many as there is room for. */
import { Fragment } from 'react';
import Badge from 'react-bootstrap/Badge';

export interface TagListProps {
  tags: readonly string[];
  /** How many are shown before "+2" says how many more there are. */
  atMost?: number;
}

export function TagList({ tags, atMost = tags.length }: TagListProps) {
  const more = tags.slice(atMost);
  return (
    <span className="tag-list" title={tags.join(', ')}>
      {tags.slice(0, atMost).map((tag, at) => (
        <Fragment key={tag}>
          {at > 0 && <span className="visually-hidden">, </span>}
          <Badge bg="" className="tag" dir="auto">
            {tag}
          </Badge>
        </Fragment>
      ))}
      {more.length > 0 && (
        <span className="text-body-secondary">
          <span aria-hidden="true">+{more.length}</span>
          <span className="visually-hidden">, {more.join(', ')}</span>
        </span>
      )}
    </span>
  );
}

/** Of two in the row of a list. */
const maxCharacters = 12;

/** How many a row shows: of two long ones beside each other no letter would be left, while one alone is cut. */
export function countInRow(tags: readonly string[]): number {
  return [...tags.slice(0, 2).join('')].length > maxCharacters ? 1 : 2;
}
