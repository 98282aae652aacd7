import { SamlStatusError } from '@countersign/saml';
import { Refusal } from '../../refusal.ts';
import type { HttpRequest, HttpResponse, Route } from '../http.ts';
import { formAnswer } from '../sign-in/index.ts';
import { answerMetadata } from './metadata.ts';
import { returnFromSignIn } from './return.ts';
import { openCall, type SamlCall, type SamlOptions } from './saml-call.ts';
import { signOn, signOnUnsolicited } from './sign-on.ts';

/** The addresses of every tenant as a SAML identity provider. */
export function samlRoutes(options: SamlOptions): Route[] {
  const route = (method: string, path: string, answer: (call: SamlCall) => Promise<HttpResponse>): Route => ({
    method,
    path: `/:tenant${path}`,
    handle: (request) => handle(options, request, answer),
  });
  return [
    route('GET', '/saml2', signOn),
    route('POST', '/saml2', signOn),
    route('GET', '/saml2/return', returnFromSignIn),
    route('GET', '/saml2/start/:application', signOnUnsolicited),
    route('GET', '/saml2/metadata', answerMetadata),
  ];
}

async function handle(
  options: SamlOptions,
  request: HttpRequest,
  answer: (call: SamlCall) => Promise<HttpResponse>,
): Promise<HttpResponse> {
  const call = await openCall(options, request);
  if (!call) return page(request, undefined, 404, { error: 'tenant_not_found', reason: 'There is no such tenant.' });
  try {
    return await answer(call);
  } catch (error) {
    const { displayName } = call.tenant;
    if (error instanceof SamlStatusError) {
      // What is wrong is for whoever runs the application; the message says it, the peer is told no more than it knows.
      return page(request, displayName, 400, { error: error.reason, reason: error.description });
    }
    if (!(error instanceof Refusal)) throw error;
    return page(request, displayName, error.status, { error: error.code, reason: error.message });
  }
}

/** A page for the person in whose browser a request went wrong: nothing redirects before the reply address is proven. */
function page(
  request: HttpRequest,
  name: string | undefined,
  status: number,
  { error, reason }: { error: string; reason: string },
): HttpResponse {
  const facts = [
    { name: { key: 'oauth.error' }, value: error },
    { name: { key: 'oauth.reason' }, value: reason },
  ];
  return formAnswer(
    request,
    { uiLocales: [], ...(name !== undefined && { name }) },
    {
      title: { key: 'refused.title' },
      blocks: [
        { kind: 'notice', tone: 'error', text: { key: 'oauth.request_refused' } },
        { kind: 'facts', facts },
      ],
    },
    { status },
  );
}
