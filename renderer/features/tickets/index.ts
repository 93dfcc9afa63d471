export { searchedText } from './list-filter.ts';
export { TicketsPane } from './TicketsPane.tsx';
