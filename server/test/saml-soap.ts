// SAML by SOAP without a socket: what a peer sends to the hub's back channel, and what it answers on its own.
import assert from 'node:assert/strict';
import {
  buildLogoutRequest,
  buildLogoutResponse,
  type LogoutRequest,
  parseLogoutRequest,
  parseLogoutResponse,
  type Response as SamlResponse,
  signSaml,
  success,
  unwrapSoap,
  verifyMessage,
  wrapInSoap,
} from '@countersign/saml';
import { defaultSignatureAlgorithms, parseXml, type Signer, writeXml } from '@countersign/xml';
import type { HttpRequest, HttpResponse, Route } from '../src/endpoints/index.ts';
import { xmlDigest, xmlVerificationKey } from '../src/issuance/index.ts';
import type { OutboundFetch } from '../src/outbound/index.ts';
import { match } from './sign-in/test-browser.ts';

/** The envelope with a LogoutRequest; unsigned without signer. */
export async function logoutEnvelope(request: LogoutRequest, signer?: Signer): Promise<string> {
  const message = buildLogoutRequest(request);
  return writeXml(wrapInSoap(signer ? await signSaml(message, { signer, digest: xmlDigest }) : message));
}

/** A request with that body. */
export function requestTo(address: string, body = ''): HttpRequest {
  return {
    method: 'POST',
    url: new URL(address),
    parameters: {},
    headers: { 'content-type': 'text/xml; charset=utf-8' },
    body: new TextEncoder().encode(body),
    remoteAddress: '192.0.2.1',
    requestId: crypto.randomUUID(),
    admitTenant: () => {},
  };
}

/** Posts an envelope to an address of the hub. */
export async function postSoap(routes: readonly Route[], address: string, envelope: string): Promise<HttpResponse> {
  const { pathname } = new URL(address);
  for (const route of routes) {
    const parameters = route.method === 'POST' ? match(route.path, pathname) : undefined;
    if (!parameters) continue;
    return route.handle({ ...requestTo(address, envelope), parameters });
  }
  return assert.fail(`nothing serves ${address}`);
}

/** The message in an envelope of the hub, with its signature proven. @param certificate  of the hub, DER in base64 */
async function proven(envelope: string, certificate: string) {
  const trust = { keys: [xmlVerificationKey(certificate)], algorithms: defaultSignatureAlgorithms };
  return (await verifyMessage(unwrapSoap(parseXml(envelope)), trust, true, xmlDigest)).element;
}

/** What the hub answered. @returns codes of the status, and to which request */
export async function logoutAnswer({ status, body }: HttpResponse, certificate: string) {
  assert.equal(status, 200, String(body));
  const { inResponseTo, status: told } = parseLogoutResponse(await proven(String(body), certificate));
  return { inResponseTo, codes: [told.code, told.secondLevelCode] };
}

/** How a peer's own back channel answers wrongly. */
export interface WrongPeer {
  response?: Partial<SamlResponse>;
  signer?: Signer;
  answer?: (envelope: string) => Response;
}

/** A peer that takes LogoutRequests of the hub. @param heard  gets each request, and where it came to */
export function soapPeer(
  peer: { issuer: string; certificate: () => Promise<string>; now: () => Date },
  heard: { at: string; request: LogoutRequest }[],
  { response, signer, answer }: WrongPeer = {},
): OutboundFetch {
  return async (url, { body, method, headers } = {}) => {
    assert.equal(method, 'POST');
    assert.match(new Headers(headers).get('content-type') ?? '', /^text\/xml/);
    const request = parseLogoutRequest(await proven(String(body), await peer.certificate()));
    heard.push({ at: String(url), request });
    const message = buildLogoutResponse({
      id: `_${crypto.randomUUID()}`,
      issueInstant: peer.now(),
      issuer: peer.issuer,
      inResponseTo: request.id,
      status: success,
      ...response,
    });
    const sealed = signer ? await signSaml(message, { signer, digest: xmlDigest }) : message;
    const envelope = writeXml(wrapInSoap(sealed));
    return answer?.(envelope) ?? new Response(envelope);
  };
}
