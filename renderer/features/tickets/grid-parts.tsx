/**
 * The parts of an accessible grid whose rows are virtual, which no table element can be.
 * The grid alone takes the focus and names its active row (aria-activedescendant).
 */
import { createElement, type HTMLAttributes, type Ref } from 'react';

type PartProps = HTMLAttributes<HTMLElement> & { ref?: Ref<HTMLDivElement> };

const part = (tag: 'div' | 'span', fixed: PartProps) => (props: PartProps) =>
  createElement(tag, { ...fixed, ...props });

export const Grid = part('div', { role: 'grid', tabIndex: 0 });
export const GridRows = part('div', { role: 'rowgroup' });
export const GridRow = part('div', { role: 'row' });
export const GridCell = part('span', { role: 'gridcell' });
export const GridHeading = part('span', { role: 'columnheader' });
