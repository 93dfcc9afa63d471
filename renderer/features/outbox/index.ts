export { CreatePanel } from './CreatePanel.tsx';
export { OutboxPanel } from './OutboxPanel.tsx';
