/** Ports for servers that are killed and started again on the same one. */
import { once } from 'node:events';
import { createServer } from 'node:net';

// Below the range from which systems take ports of their own accord: a killed server's port would else go to some
// outgoing connection before it is back, even to its own client's next attempt, which then talks to itself.
const lowest = 15_000;
const highest = 30_000;

/** A port of 127.0.0.1 that nobody listens on just now. */
export async function findServicePort(): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    const server = createServer();
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
      return port;
    } catch (thrown) {
      if ((thrown as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw thrown;
    } finally {
      server.close();
    }
  }
}
