export { NewTicketPanel } from './NewTicketPanel.tsx';
