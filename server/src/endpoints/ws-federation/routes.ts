import { SamlStatusError } from '@countersign/saml';
import { WsFederationError } from '@countersign/ws-federation';
import { Refusal } from '../../refusal.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { errorPage, frameOf, RefusedTraces } from '../sign-in/index.ts';
import { answerFederationMetadata } from './metadata.ts';
import { returnFromSignIn, signOn } from './sign-on.ts';
import { endSession } from './sign-out.ts';
import {
  keepRefusal,
  openCall,
  parametersOf,
  passed,
  readPassiveRequest,
  type WsFederationCall,
  type WsFederationOptions,
  type WsFederationParts,
} from './ws-federation-call.ts';

/** Where browsers come: the tenant's own address, and AD FS's, with and without the slash at its end. */
const passivePaths = ['/:tenant/wsfed', '/adfs/ls', '/adfs/ls/'];

/** AD FS and Entra write it in different cases; the web server does not mind. */
const metadataPath = '/federationmetadata/2007-06/federationmetadata.xml';

/** The addresses of every tenant as a security token service for browsers. */
export function wsFederationRoutes(options: WsFederationOptions): Route[] {
  const parts = { ...options, refusedTraces: new RefusedTraces(options.storage) };
  const route = (method: string, path: string, answer: (call: WsFederationCall) => Promise<HttpResponse>): Route => ({
    method,
    path,
    handle: (request) => handle(parts, request, answer),
  });
  return [
    ...passivePaths.flatMap((path) => [route('GET', path, answerPassive), route('POST', path, answerPassive)]),
    route('GET', '/:tenant/wsfed/return', returnFromSignIn),
    ...['', '/:tenant'].map((prefix) => route('GET', prefix + metadataPath, answerFederationMetadata)),
  ];
}

async function answerPassive(call: WsFederationCall): Promise<HttpResponse> {
  call.tracing.note({ request: parametersOf(call.request).toString() });
  const asked = readPassiveRequest(call.request);
  passed(call, 'request.action', 'request.parameter');
  return asked.action === 'signIn' ? signOn(call, asked) : endSession(call, asked);
}

const noSuchTenant = { status: 404, error: 'tenant_not_found', reason: 'There is no such tenant.' };

/** There is nobody to tell of a failure but the person at the browser. */
async function handle(
  options: WsFederationParts,
  request: HttpRequest,
  answer: (call: WsFederationCall) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const call = await openCall(options, request, {
    name: 'WS-Federation',
    domain: parametersOf(request).get('whr') ?? '',
  });
  if (!call) return errorPage(request, undefined, noSuchTenant);
  try {
    return await answer(call);
  } catch (error) {
    const frame = await frameOf(options.storage.read.branding, call.tenant);
    if (error instanceof WsFederationError || error instanceof SamlStatusError) {
      await keepRefusal(call, error);
      return errorPage(request, frame, { status: 400, error: error.reason, reason: error.description });
    }
    if (!(error instanceof Refusal)) throw error;
    return errorPage(request, frame, { status: error.status, error: error.code, reason: error.message });
  }
}
