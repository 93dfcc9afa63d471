/**
 * The parts of an accessible grid whose rows are virtual, which no table element can be.
 * The grid alone takes the focus and names its active row (aria-activedescendant).
 */
import type { HTMLAttributes, Ref } from 'react';

type PartProps = HTMLAttributes<HTMLElement>;

export function Grid(props: PartProps & { ref: Ref<HTMLDivElement> }) {
  // biome-ignore lint/a11y/useSemanticElements: see above.
  return <div role="grid" tabIndex={0} {...props} />;
}

export function GridRow(props: PartProps) {
  // biome-ignore lint/a11y/useSemanticElements: see above.
  // biome-ignore lint/a11y/useFocusableInteractive: see above.
  return <div role="row" {...props} />;
}

export function GridCell(props: PartProps) {
  // biome-ignore lint/a11y/useSemanticElements: see above.
  // biome-ignore lint/a11y/useFocusableInteractive: see above.
  return <span role="gridcell" {...props} />;
}

export function GridHeading(props: PartProps) {
  // biome-ignore lint/a11y/useSemanticElements: see above.
  // biome-ignore lint/a11y/useFocusableInteractive: see above.
  return <span role="columnheader" {...props} />;
}

export function GridRows(props: PartProps) {
  // biome-ignore lint/a11y/useSemanticElements: see above.
  return <div role="rowgroup" {...props} />;
}
