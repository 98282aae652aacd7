import { createServer } from 'node:net';

/** Below the ports that systems hand out to connections, so that nobody takes it meanwhile. */
const firstPort = 20_000;

/** A port of 127.0.0.1 on which nobody listens, for a program that must be told its port. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = firstPort + Math.floor(Math.random() * 10_000);
    if (await isFree(port)) return port;
  }
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
      .once('error', () => resolve(false))
      .listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  });
}
