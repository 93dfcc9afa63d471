/** What is small and first: styles, theme, and the list that was there last; then the page. */
import 'bootstrap/dist/css/bootstrap.min.css';
import './app/frame.css';
import './app/list.css';
import './app/overlays.css';
import './app/print.css';
import './app/forced-colors.css';
import { keepEarlyKeys } from './state/early-keys.ts';
import { lastListIsDrawn } from './state/last-list.ts';
import { followTheme } from './state/theme.ts';

keepEarlyKeys();
followTheme();
await lastListIsDrawn();
await import('./main.tsx');
