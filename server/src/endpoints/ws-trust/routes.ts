import { SamlStatusError } from '@countersign/saml';
import {
  buildMetadataExchange,
  buildSoapFault,
  type Credential,
  type Envelope,
  SoapFault,
  type TrustEndpoint,
  WsFederationError,
} from '@countersign/ws-federation';
import { writeXml, type XmlElement } from '@countersign/xml';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { RefusedTraces } from '../sign-in/index.ts';
import { keepRefusal, openCall, type WsFederationCall } from '../ws-federation/index.ts';
import { metadataPath, tokenPaths, trustEndpointsAt } from './addresses.ts';
import { issueToken } from './issue-token.ts';
import { readEnvelope, readTokenRequest } from './read-message.ts';
import type { WsTrustOptions, WsTrustParts } from './ws-trust-call.ts';

/** Below AD FS's address, which names no tenant, and below those of tenants. */
const prefixes = ['/adfs', '/:tenant'];

/** The addresses of every tenant as a security token service for programs. */
export function wsTrustRoutes(options: WsTrustOptions): Route[] {
  const parts = { ...options, refusedTraces: new RefusedTraces(options.storage) };
  return prefixes.flatMap((prefix): Route[] => [
    { method: 'GET', path: prefix + metadataPath, handle: (request) => answerMetadata(options, request) },
    ...tokenPaths.map(
      ({ path, credential }): Route => ({
        method: 'POST',
        path: prefix + path,
        handle: (request) => answerToken(parts, request, credential),
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

async function answerToken(
  options: WsTrustParts,
  request: HttpRequest,
  kind: TrustEndpoint['credential'],
): Promise<HttpResponse> {
  let envelope: Envelope | undefined;
  let call: WsFederationCall | undefined;
  try {
    envelope = readEnvelope(request);
    const sent = readTokenRequest(envelope, request, kind, options.now());
    call = await openCall(options, request, { name: 'WS-Trust', domain: domainOf(sent.credential) });
    if (!call) throw new SoapFault('soap.destination', 'The address leads to no tenant.');
    call.tracing.note({ request: tracedRequest(envelope) });
    return soap(200, await issueToken({ ...call, options }, sent));
  } catch (error) {
    const fault = faultOf(error);
    // Of a request that could not be read, the address may still tell the tenant.
    call ??= await openCall(options, request, { name: 'WS-Trust', domain: '' });
    if (call && envelope) call.tracing.note({ request: tracedRequest(envelope) });
    if (call) await keepRefusal(call, fault);
    return soap(500, buildSoapFault(fault, envelope?.messageId));
  }
}

/** Of the name that a password belongs to. */
function domainOf(credential: Credential): string {
  return credential.kind === 'password' ? credential.username.slice(credential.username.lastIndexOf('@') + 1) : '';
}

/** What was asked for. The headers, in which the credential is, stay out, and so do tokens of people who are acted for. */
function tracedRequest({ body }: Envelope): string {
  const children = body.children.map((child) =>
    typeof child !== 'string' && ['OnBehalfOf', 'ActAs'].includes(child.name) ? { ...child, children: [] } : child,
  );
  return writeXml({ ...body, children });
}

/** The only place that says what is answered to failures. What is no fault of the request is thrown on. */
function faultOf(error: unknown): SoapFault {
  if (error instanceof SoapFault) return error;
  if (error instanceof WsFederationError && error.reason === 'request.denied') {
    return new SoapFault('security.authentication', error.message, { cause: error });
  }
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
