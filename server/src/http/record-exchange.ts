import type { FastifyReply } from 'fastify';
import type { Exchange } from './exchange.ts';
import type { Log } from './log.ts';
import type { Metrics } from './metrics.ts';

/**
 * Writes the one line of a request and counts it. Path and query are left out, since clients put secrets into them; the
 * route says what was asked.
 */
export function recordExchange(exchange: Exchange, reply: FastifyReply, endedAt: number, log: Log, metrics: Metrics) {
  const { method } = reply.request;
  const { requestId, operation, tenantId, failure, startedAt } = exchange;
  const milliseconds = endedAt - startedAt;
  metrics.countRequest(method, operation, reply.statusCode, milliseconds / 1000);
  if (failure !== undefined) metrics.countFailure(failure);
  log.info(
    {
      requestId,
      clientRequestId: exchange.clientRequestId?.value,
      method,
      route: operation,
      status: reply.statusCode,
      failure,
      // The client went away before it had the whole answer.
      isBrokenOff: reply.raw.writableFinished ? undefined : true,
      milliseconds: Math.round(milliseconds * 10) / 10,
      tenantId,
      address: exchange.remoteAddress,
    },
    'request',
  );
}
