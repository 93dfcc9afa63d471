import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { withholdComposingKeys } from './state/keys.ts';

withholdComposingKeys(window);
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
