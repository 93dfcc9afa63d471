export { Sidebar } from './Sidebar.tsx';
export { useCounts } from './use-counts.ts';
