/** Files of tests share a worker and the packages that it has loaded; of our own modules each file loads its own. */
import { vi } from 'vitest';

vi.resetModules();
