// The Azure CLI (Debian package azure-cli), unmodified, which is told where the cloud is and nothing else.
import assert from 'node:assert/strict';
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { type RunningHub, startHub } from '../peers/running-hub.ts';

/** The host names that DNS would lead to the hub, and where its port would be 443. */
export const publicUrl = 'https://hub.example';
export const tenantHost = 'fabrikam.b2clogin.com';

export interface AzureCli {
  hub: RunningHub;
  /**
   * Runs `az` with the words of the template, of which each value is one, and returns the JSON that it prints; undefined
   * when it prints nothing. Throws with its complaint.
   */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into any answer, and an assertion fails where it is otherwise
  az(words: TemplateStringsArray, ...values: (string | object)[]): Promise<any>;
  /** Runs `az` while a person does what it asks for, which it tells where it complains otherwise. */
  begin(...parameters: string[]): Waiting;
  /** Proxy by which a browser finds the same host names. */
  proxy: string;
  stop(): Promise<void>;
}

/** A command that waits for somebody. */
interface Waiting {
  /** Resolves when it has told this. */
  told(pattern: RegExp): Promise<RegExpExecArray>;
  /** Resolves when it has ended well. */
  ended: Promise<void>;
}

export async function openAzureCli(): Promise<AzureCli> {
  const hub = await startHub(publicUrl);
  const names = await startNames(Number(new URL(hub.origin).port));
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-az-'));
  const proxy = `http://127.0.0.1:${(names.address() as AddressInfo).port}`;
  // In place of a browser that az could open: it tells the address.
  const openBrowser = path.join(folder, 'open-browser');
  writeFileSync(openBrowser, '#!/bin/sh\necho "open $1" >&2\n', { mode: 0o755 });
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    AZURE_CONFIG_DIR: folder,
    AZURE_CORE_COLLECT_TELEMETRY: 'false',
    AZURE_CORE_OUTPUT: 'json',
    AZURE_CORE_ONLY_SHOW_ERRORS: 'true',
    ARM_CLOUD_METADATA_URL: `https://${tenantHost}/metadata/endpoints?api-version=2019-05-01`,
    REQUESTS_CA_BUNDLE: hub.authorityFile,
    // The description of the cloud is read by Python's own client of HTTP.
    SSL_CERT_FILE: hub.authorityFile,
    HTTPS_PROXY: proxy,
    BROWSER: openBrowser,
    PYTHONWARNINGS: 'ignore',
  };
  return {
    hub,
    async az(words, ...values) {
      const text = await run(parametersOf(words, values), { env, cwd: folder });
      return text.trim() === '' ? undefined : JSON.parse(text);
    },
    begin: (...parameters) => wait(parameters, { env: { ...env, AZURE_CORE_ONLY_SHOW_ERRORS: 'false' }, cwd: folder }),
    proxy,
    async stop() {
      names.closeAllConnections();
      names.close();
      await hub.stop();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** The words between blanks, and each value as one; objects as JSON. */
function parametersOf(words: TemplateStringsArray, values: (string | object)[]): string[] {
  return words.flatMap((text, index) => {
    const value = values[index];
    const split = text.split(/\s+/).filter(Boolean);
    if (value === undefined) return split;
    return [...split, typeof value === 'string' ? value : JSON.stringify(value)];
  });
}

function run(parameters: string[], options: { env: NodeJS.ProcessEnv; cwd: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    execFile('az', parameters, options, (error, out, complaint) => {
      if (!error) resolve(out);
      else if (error.code === 'ENOENT')
        reject(new Error('This test needs the program az: install the package azure-cli.'));
      else reject(new Error(`az ${parameters.join(' ')}: ${complaint}`));
    });
  });
}

function wait(parameters: string[], options: { env: NodeJS.ProcessEnv; cwd: string }): Waiting {
  const program = spawn('az', parameters, { ...options, stdio: ['ignore', 'ignore', 'pipe'] });
  let complaint = '';
  program.stderr.setEncoding('utf8').on('data', (part: string) => {
    complaint += part;
  });
  const ended = new Promise<void>((resolve, reject) => {
    program.on('error', reject);
    program.on('close', (code) => (code === 0 ? resolve() : reject(new Error(`az ended with ${code}: ${complaint}`))));
  });
  const told = async (pattern: RegExp) => {
    for (;;) {
      const found = pattern.exec(complaint);
      if (found) return found;
      await Promise.race([once(program.stderr, 'data'), ended.then(() => assert.fail(`az never told: ${complaint}`))]);
    }
  };
  return { told, ended };
}

/**
 * A proxy that connects every host name with the hub, in place of DNS and of port 443. A name of somebody else is refused,
 * so that a test fails when the client wants to ask one of Microsoft's hosts.
 */
async function startNames(port: number): Promise<Server> {
  const ours = new Set([new URL(publicUrl).hostname, tenantHost]);
  const server = createServer().on('connect', ({ url = '' }, client) => {
    const [name = ''] = url.split(':');
    if (!ours.has(name)) return client.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    const hub = connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      hub.pipe(client).pipe(hub);
    });
    hub.on('error', () => client.destroy());
    return client.on('error', () => hub.destroy());
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return server;
}

/** Calls the management API by itself, for what a test needs before az can sign in. */
export async function callGraph(
  { origin }: RunningHub,
  token: string,
  method: string,
  address: string,
  body?: object,
  // biome-ignore lint/suspicious/noExplicitAny: as above
): Promise<any> {
  const response = await fetch(`${origin}/v1.0${address}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  assert.ok(response.ok, `${method} ${address}: ${response.status} ${await response.clone().text()}`);
  return response.status === 204 ? undefined : response.json();
}
