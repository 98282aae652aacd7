import { buildSignInResult, WsFederationError } from '@countersign/ws-federation';
import type { RelyingParty } from '../../applications/index.ts';
import type { CompletedSignIn } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { frameOf, postAnswer } from '../sign-in/index.ts';
import { issueForPerson } from './issue-for-person.ts';
import type { SuspendedRequest } from './sign-on.ts';
import { wsFederationProtocol } from './sign-out.ts';
import type { WsFederationCall } from './ws-federation-call.ts';

/**
 * Posts a token about the person who signed in to the application (WS-Federation 1.2 13.2.3).
 *
 * @throws WsFederationError `request.denied` when the rules give the person none, `claim.type`
 */
export async function answerSignIn(
  call: WsFederationCall,
  party: RelyingParty,
  { replyAddress, context, authenticationType }: SuspendedRequest,
  { userId, authenticatedAt, context: reached, home, sessionId, flow, accepted, proxyRestriction }: CompletedSignIn,
): Promise<HttpResponse> {
  const { request, tenant } = call;
  const { storage } = call.options;
  const person = { userId, authenticatedAt, context: reached, home, accepted, proxyRestriction, actors: [] };
  const said = { authenticationType, tellsActors: false };
  const issued = await issueForPerson(call, party, party.tokenKind, person, said);
  if (!issued) throw new WsFederationError('request.denied', 'The application’s rules give this person no token.');
  const { element, createdAt, expiresAt } = issued;
  const wresult = buildSignInResult({
    // Interop: Windows Identity Foundation and passport-wsfed-saml2 read this version whatever their age.
    version: 'trust2005',
    context: context ?? undefined,
    createdAt,
    expiresAt,
    appliesTo: party.identifier,
    kind: party.tokenKind,
    token: element,
  });
  const application = { applicationId: party.servicePrincipalId, flow };
  const participation = { protocol: wsFederationProtocol, state: '' };
  await storage.write(async ({ sessions, signInTraces }) => {
    await signInTraces.save(tenant.id, call.tracing.trace);
    await sessions.participate(tenant.id, sessionId, application, participation);
  });
  const fields = { wa: 'wsignin1.0', wresult, ...(context !== null && { wctx: context }) };
  return postAnswer(request, await frameOf(storage.read.branding, tenant), { url: replyAddress, fields });
}
