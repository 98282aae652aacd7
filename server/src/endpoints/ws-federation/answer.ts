import { buildSignInResult, WsFederationError } from '@countersign/ws-federation';
import { getServicePrincipal, type RelyingParty } from '../../applications/index.ts';
import { issueSecurityToken, nameIdOf, readSubject } from '../../issuance/index.ts';
import type { CompletedSignIn } from '../../sign-in/index.ts';
import type { HttpResponse } from '../http.ts';
import { frameOf, postAnswer } from '../sign-in/index.ts';
import { methodOf } from './authentication-words.ts';
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
  { userId, authenticatedAt, context: reached, sessionId, flow, accepted }: CompletedSignIn,
): Promise<HttpResponse> {
  const { options, request, tenant, entityId, act } = call;
  const { storage, newSecret, randomBytes } = options;
  const authenticationMethod = methodOf(party.tokenKind, reached, authenticationType);
  const principal = await getServicePrincipal(storage.read, tenant.id, party.servicePrincipalId);
  const signIn = { userId, authenticatedAt, authenticationMethod, accepted };
  const subject = await readSubject(storage.read, tenant.id, principal, signIn);
  const issued = subject && (await options.issueClaims(party, subject));
  if (!subject || !issued?.access.isPermitted) {
    throw new WsFederationError('request.denied', 'The application’s rules give this person no token.');
  }
  const { claims } = issued;
  const naming = { storage, newSecret, tenantId: tenant.id, issuer: entityId };
  const nameId = await nameIdOf(naming, party, party.nameIdFormat, { claims, user: subject.user });
  const signer = await options.keys.signer(tenant.id);
  const { element, createdAt, expiresAt } = await issueSecurityToken(
    { entityId, signer, now: act.now, newSecret, randomBytes },
    party,
    party.tokenKind,
    { nameId, claims, authenticatedAt, authenticationMethod },
  );
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
  await storage.write(({ sessions }) => sessions.participate(tenant.id, sessionId, application, participation));
  const fields = { wa: 'wsignin1.0', wresult, ...(context !== null && { wctx: context }) };
  return postAnswer(request, await frameOf(storage.read.branding, tenant), { url: replyAddress, fields });
}
