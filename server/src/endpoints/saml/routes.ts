import { SamlStatusError } from '@countersign/saml';
import { Refusal } from '../../refusal.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { errorPage, frameOf, RefusedTraces } from '../sign-in/index.ts';
import { answerMessage } from './answer-message.ts';
import { answerMetadata } from './metadata.ts';
import { returnFromSignIn } from './return.ts';
import { keepRefusal, openCall, type SamlCall, type SamlOptions, type SamlParts } from './saml-call.ts';
import { signOnUnsolicited } from './sign-on.ts';
import { answerSoap } from './soap-logout.ts';

/** The addresses of every tenant as a SAML identity provider. */
export function samlRoutes(options: SamlOptions): Route[] {
  const parts = { ...options, refusedTraces: new RefusedTraces(options.storage) };
  const route = (method: string, path: string, answer: (call: SamlCall) => Promise<HttpResponse>): Route => ({
    method,
    path: `/:tenant${path}`,
    handle: (request) => handle(parts, request, answer),
  });
  return [
    route('GET', '/saml2', answerMessage),
    route('POST', '/saml2', answerMessage),
    route('POST', '/saml2/soap', answerSoap),
    route('GET', '/saml2/return', returnFromSignIn),
    route('GET', '/saml2/start/:application', signOnUnsolicited),
    route('GET', '/saml2/metadata', answerMetadata),
  ];
}

const noSuchTenant = { status: 404, error: 'tenant_not_found', reason: 'There is no such tenant.' };

async function handle(
  options: SamlParts,
  request: HttpRequest,
  answer: (call: SamlCall) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const call = await openCall(options, request);
  if (!call) return errorPage(request, undefined, noSuchTenant);
  try {
    return await answer(call);
  } catch (error) {
    const frame = await frameOf(options.storage.read.branding, call.tenant);
    if (error instanceof SamlStatusError) {
      await keepRefusal(call, error);
      // What is wrong is for whoever runs the application; the message says it, the peer is told no more than it knows.
      return errorPage(request, frame, { status: 400, error: error.reason, reason: error.description });
    }
    if (!(error instanceof Refusal)) throw error;
    return errorPage(request, frame, { status: error.status, error: error.code, reason: error.message });
  }
}
