import { SamlStatusError } from '@countersign/saml';
import { buildMetadataExchange, buildSoapFault, SoapFault, WsFederationError } from '@countersign/ws-federation';
import { writeXml, type XmlElement } from '@countersign/xml';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { openCall } from '../ws-federation/index.ts';
import { metadataPath, tokenPaths, trustEndpointsAt } from './addresses.ts';
import { issueToken } from './issue-token.ts';
import { readEnvelope, readPasswordRequest } from './read-message.ts';
import type { WsTrustOptions } from './ws-trust-call.ts';

/** Below AD FS's address, which names no tenant, and below those of tenants. */
const prefixes = ['/adfs', '/:tenant'];

/** The addresses of every tenant as a security token service for programs. */
export function wsTrustRoutes(options: WsTrustOptions): Route[] {
  return prefixes.flatMap((prefix): Route[] => [
    { method: 'GET', path: prefix + metadataPath, handle: (request) => answerMetadata(options, request) },
    ...tokenPaths.map(
      ({ path }): Route => ({
        method: 'POST',
        path: prefix + path,
        handle: (request) => answerToken(options, request),
      }),
    ),
  ]);
}

/** WS-MetadataExchange 1.1 by HTTP GET. Interop: adal-node asks for JSON, and takes this. */
async function answerMetadata({ storage }: WsTrustOptions, { url, parameters }: HttpRequest): Promise<HttpResponse> {
  const { tenant: name } = parameters;
  if (name !== undefined && !(await storage.read.tenants.resolve(name))) return { status: 404 };
  const base = url.origin + url.pathname.slice(0, -metadataPath.length);
  return {
    status: 200,
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: writeXml(buildMetadataExchange(trustEndpointsAt(base))),
  };
}

async function answerToken(options: WsTrustOptions, request: HttpRequest): Promise<HttpResponse> {
  let relatesTo: string | undefined;
  try {
    const envelope = readEnvelope(request);
    relatesTo = envelope.messageId;
    const sent = readPasswordRequest(envelope, request, options.now());
    const domain = sent.username.slice(sent.username.lastIndexOf('@') + 1);
    const call = await openCall(options, request, { name: 'WS-Trust', domain });
    if (!call) throw new SoapFault('soap.destination', 'The address leads to no tenant.');
    return soap(200, await issueToken({ ...call, options }, sent, relatesTo));
  } catch (error) {
    return soap(500, buildSoapFault(faultOf(error), relatesTo));
  }
}

/** The only place that says what is answered to failures. What is no fault of the request is thrown on. */
function faultOf(error: unknown): SoapFault {
  if (error instanceof SoapFault) return error;
  const isUnbuildable = error instanceof WsFederationError || error instanceof SamlStatusError;
  if (isUnbuildable) return new SoapFault('trust.token_type', error.message, { cause: error });
  throw error;
}

function soap(status: number, envelope: XmlElement): HttpResponse {
  return {
    status,
    headers: { 'content-type': 'application/soap+xml; charset=utf-8', 'cache-control': 'no-store' },
    body: writeXml(envelope),
  };
}
