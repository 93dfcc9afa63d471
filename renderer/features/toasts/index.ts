export { ToastStack } from './ToastStack.tsx';
