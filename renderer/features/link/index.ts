export { LinkMark } from './LinkMark.tsx';
