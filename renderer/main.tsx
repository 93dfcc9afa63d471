import 'bootstrap/dist/css/bootstrap.min.css';
import './app/frame.css';
import './app/list.css';
import './app/overlays.css';
import './app/print.css';
import { createRoot } from 'react-dom/client';
import { App } from './app/App.tsx';
import { withholdComposingKeys } from './state/keys.ts';
import { followTheme } from './state/theme.ts';

withholdComposingKeys(window);
followTheme();
const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');
createRoot(root).render(<App />);
