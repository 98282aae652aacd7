// Serves mounts on a free port of this machine, and talks to them as a client does.
import { randomUUID } from 'node:crypto';
import { type IncomingHttpHeaders, request as plainRequest } from 'node:http';
import { type RequestOptions as TlsRequestOptions, request as tlsRequest } from 'node:https';
import { connect } from 'node:net';
import { after } from 'node:test';
import { type HttpOptions, type HttpServer, openHttp, openLog, ServedHosts } from '../../src/http/index.ts';
import { readSettings } from '../../src/settings/index.ts';

type AskOptions = TlsRequestOptions & { body?: string | Uint8Array };

export interface TestHttp extends HttpServer {
  /** Every line that was logged, as it was written. */
  log: string[];
  /** Sends a request and reads the whole answer. */
  ask(path: string, options?: AskOptions): Promise<TestAnswer>;
  /** Sends bytes as they are, and reads until the server closes the connection. */
  askRaw(text: string): Promise<string>;
}

export interface TestAnswer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
  json(): unknown;
}

/** Serves over plain HTTP unless the options bring certificates. It is stopped after the tests of the file. */
export async function openTestHttp(
  mounts: HttpOptions['mounts'],
  environment: Record<string, string> = {},
  options: Partial<HttpOptions> = {},
): Promise<TestHttp> {
  const settings = readSettings({
    COUNTERSIGN_PORT: '0',
    COUNTERSIGN_TLS: 'proxy',
    COUNTERSIGN_ALLOW_INSECURE_HTTP: 'true',
    COUNTERSIGN_PUBLIC_URL: 'http://hub.test',
    ...environment,
  });
  const clock = options.clock ?? (() => performance.now());
  const log: string[] = [];
  const server = await openHttp({
    settings,
    certificates: undefined,
    hosts: new ServedHosts(settings.publicUrl, async (host) => host === 'login.contoso.test', clock),
    mounts,
    readiness: [],
    gauges: [],
    failurePage: async ({ status, message }, language) => ({
      status,
      headers: { 'content-type': 'text/html; charset=utf-8' },
      body: `<h1 lang="${language}">${message}</h1>`,
    }),
    log: openLog('debug', { write: (line) => log.push(line) }),
    clock,
    newId: randomUUID,
    ...options,
  });
  after(() => server.stop());
  return {
    ...server,
    log,
    ask: (path, asked) => ask(server.port, settings.publicUrl, path, asked ?? {}),
    askRaw: (text) => askRaw(server.port, text),
  };
}

function ask(
  port: number,
  publicUrl: URL,
  path: string,
  { body, headers, ...options }: AskOptions,
): Promise<TestAnswer> {
  const request = publicUrl.protocol === 'https:' && options.ca ? tlsRequest : plainRequest;
  return new Promise((resolve, reject) => {
    const sent = request({
      host: '127.0.0.1',
      port,
      path,
      agent: false,
      headers: { host: publicUrl.host, ...(headers as Record<string, string>) },
      ...options,
    });
    sent.on('error', reject).on('response', async (response) => {
      try {
        const chunks: Buffer[] = [];
        for await (const chunk of response) chunks.push(chunk);
        const text = Buffer.concat(chunks).toString();
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: text,
          json: () => JSON.parse(text),
        });
      } catch (error) {
        reject(error);
      }
    });
    sent.end(body);
  });
}

function askRaw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let answer = '';
    connect(port, '127.0.0.1')
      .setEncoding('utf8')
      .on('data', (chunk) => {
        answer += chunk;
      })
      .on('error', reject)
      .on('close', () => resolve(answer))
      .write(text);
  });
}
