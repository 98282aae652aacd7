import type { IncomingMessage } from 'node:http';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import type { Settings } from '../settings/index.ts';
import { inNetworks } from './client-address.ts';
import { EndpointTable } from './endpoint-table.ts';
import { refuse } from './errors.ts';
import { beginExchange, exchangeOf } from './exchange.ts';
import { Gate } from './gate.ts';
import { type Limits, limits as usualLimits } from './limits.ts';
import { explainListenError } from './listen.ts';
import type { Log } from './log.ts';
import { type GaugeDefinition, Metrics } from './metrics.ts';
import { recordExchange } from './record-exchange.ts';
import { Responder } from './responder.ts';
import type { Failure, HttpResponse, LateMount, Mount } from './route.ts';
import type { ServedHosts } from './served-hosts.ts';
import { answerBrokenRequest, createSocketServer, keepRenewed } from './socket-server.ts';
import type { Certificates } from './tls/index.ts';
import { type ReadinessCheck, watchMount } from './watch-mount.ts';

export interface HttpOptions {
  settings: Settings;
  /** Undefined: a proxy terminates TLS. */
  certificates: Certificates | undefined;
  hosts: ServedHosts;
  mounts: readonly (Mount | LateMount)[];
  readiness: readonly ReadinessCheck[];
  gauges: readonly GaugeDefinition[];
  /** What browsers get where a mount has no form of its own for errors, in the languages of an `Accept-Language` header. */
  failurePage: (failure: Failure, acceptLanguage: string) => Promise<HttpResponse>;
  log: Log;
  /** Milliseconds of a clock that never goes back. */
  clock: () => number;
  newId: () => string;
  limits?: Partial<Limits>;
}

export interface HttpServer {
  /** The port on which it listens. */
  port: number;
  /** Accepts no more connections, lets running requests end for a bounded time, and closes. */
  stop(): Promise<void>;
}

/**
 * Serves the mounts and the addresses for watching, and resolves when it listens.
 *
 * @throws CannotListenError when the port is taken or the address is not ours
 */
export async function openHttp(options: HttpOptions): Promise<HttpServer> {
  const { settings, certificates, log, clock, newId } = options;
  const limits = { ...usualLimits, ...options.limits };
  const sizes = { bodyBytes: settings.largestRequestBytes, headerBytes: limits.headerBytes };
  const metrics = new Metrics(options.gauges);
  const gate = new Gate(settings, options.hosts, clock);
  const responder = new Responder(gate, log, limits.answerTime, sizes, options.failurePage);
  const surroundings = {
    publicUrl: settings.publicUrl,
    isTrustedProxy: inNetworks(settings.trustedProxies),
    longestUrl: limits.urlBytes,
  };
  let port = settings.port;
  let isStopping = false;

  const app = Fastify({
    serverFactory: (handler) => createSocketServer(handler, certificates, limits, log),
    clientErrorHandler: (error, socket) => answerBrokenRequest(error, socket, newId(), sizes, log),
    bodyLimit: settings.largestRequestBytes,
    // A request on a connection that stays open is answered while the server stops, and the connection ends with it.
    return503OnClosing: false,
    exposeHeadRoutes: false,
    // Handlers check what they are sent; the framework's own checkers of schemas would only take memory.
    schemaController: { compilersFactory: { buildValidator: withoutSchemas, buildSerializer: withoutSchemas } },
    rewriteUrl: (request) => beginExchange(request, surroundings, newId(), clock()).url.pathname,
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));

  const watch = watchMount(options.readiness, metrics, settings.metricsToken, () => isStopping, log);
  app.addHook('onRequest', async ({ raw }) => {
    const exchange = exchangeOf(raw);
    gate.admitAddress(exchange.remoteAddress);
    if (exchange.unreadable) throw exchange.unreadable;
    // Whoever watches asks by address and without TLS, and no links are made for them.
    if (!watch.routes.some(({ path }) => path === exchange.url.pathname)) await gate.admitHost(exchange, port);
    // RFC 9110 8.4: what is encoded is not yet the body.
    if (raw.headers['content-encoding']) throw refuse('http.media_type_not_supported', { header: 'Content-Encoding' });
  });
  app.addHook('onResponse', async ({ raw }, reply) => {
    recordExchange(exchangeOf(raw), reply, clock(), log, metrics);
    if (isStopping) app.server.closeIdleConnections();
  });

  const table = new EndpointTable([watch, ...options.mounts], limits.urlBytes);
  const find = ({ raw }: { raw: IncomingMessage }) => table.find(exchangeOf(raw).url.pathname);
  app.route({
    method: app.supportedMethods,
    url: '*',
    async handler(request, reply) {
      const endpoint = await find(request);
      if (!endpoint) throw refuse('http.not_found');
      return responder.serve(endpoint, request, reply);
    },
  });
  // What cannot be loaded was told of when it was tried.
  const fail = async (error: unknown, request: FastifyRequest, reply: FastifyReply) =>
    responder.fail(await find(request).catch(() => undefined), error, request, reply);
  app.setNotFoundHandler((request, reply) => fail(refuse('http.not_found'), request, reply));
  app.setErrorHandler(fail);

  try {
    await app.listen({ host: settings.listenAddress, port: settings.port });
  } catch (error) {
    throw explainListenError(error, settings);
  }
  const address = app.server.address();
  if (address !== null && typeof address === 'object') port = address.port;
  const stopRenewing = certificates ? keepRenewed(app.server, certificates, log) : () => {};

  return {
    port,
    async stop() {
      isStopping = true;
      stopRenewing();
      const timer = setTimeout(() => app.server.closeAllConnections(), limits.stopTime);
      await app.close();
      clearTimeout(timer);
    },
  };
}

function withoutSchemas(): never {
  throw new Error('Routes here have no schemas.');
}
