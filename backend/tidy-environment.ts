/** Imported first by each program: libraries read the environment as they are loaded. */
import { tidyEnvironment } from './config.ts';

tidyEnvironment();
