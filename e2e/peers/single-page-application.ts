// A single-page application with MSAL for browsers, unmodified, served as its own origin.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:https';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { makeCertificate } from './certificate.ts';

export interface SinglePageApplication {
  origin: string;
  stop(): void;
}

const library = path.dirname(createRequire(import.meta.url).resolve('@azure/msal-browser'));

const pages: Readonly<Record<string, { type: string; body: string | Buffer }>> = {
  '/': page('<script src="/msal-browser.js"></script>'),
  // Where answers arrive: it hands them on to the window that asked.
  '/redirect': page(
    '<script src="/bridge.js"></script><script>msalRedirectBridge.broadcastResponseToMainFrame()</script>',
  ),
  '/msal-browser.js': script('msal-browser.min.js'),
  '/bridge.js': script('redirect-bridge/msal-redirect-bridge.min.js'),
};

/**
 * Serves the application's pages, with TLS as the hub: browsers keep cookies from frames of other sites, and the same host
 * with another scheme is another site.
 */
export async function serveSinglePageApplication(): Promise<SinglePageApplication> {
  const { certificatePem, privateKeyPem } = await makeCertificate();
  const server = createServer({ cert: certificatePem, key: privateKeyPem }, (request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'https://localhost');
    const found = pages[pathname];
    response.writeHead(found ? 200 : 404, { 'content-type': found?.type ?? 'text/plain' });
    response.end(found?.body);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, 'localhost', resolve);
  });
  const { port } = server.address() as AddressInfo;
  return {
    origin: `https://localhost:${port}`,
    stop() {
      server.closeAllConnections();
      server.close();
    },
  };
}

function page(content: string) {
  return { type: 'text/html', body: `<!doctype html><title>Application</title>${content}` };
}

function script(file: string) {
  return { type: 'text/javascript', body: readFileSync(path.join(library, file)) };
}
