export { TicketsPane } from './TicketsPane.tsx';
