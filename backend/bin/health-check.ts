/** Asks the program of this container whether it is ready, on its METRICS_PORT: exits 0 when it is, else 1 and says why. */
import { readMetricsConfig } from '../config.ts';

/** Longer than /ready takes at most. */
const timeoutMs = 3_000;

async function check(): Promise<void> {
  const metrics = readMetricsConfig();
  if (!metrics) throw new Error('METRICS_PORT is not set: there is nobody to ask.');
  // An address that stands for all of them is reached by the loopback one.
  const host = /^(0\.0\.0\.0|\[?::\]?)$/.test(metrics.host) ? '127.0.0.1' : metrics.host;
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${metrics.port}/ready`;
  const answer = await fetch(url, { signal: AbortSignal.timeout(timeoutMs) }).catch((cause) => {
    throw new Error(`Nothing answers at ${url}: the program is not there yet, or has ended.`, { cause });
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(text.trim());
}

check().catch((thrown: Error) => {
  console.error(thrown.message);
  process.exitCode = 1;
});
