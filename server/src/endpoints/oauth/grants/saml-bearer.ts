import { mayPassOn } from '@countersign/saml';
import { type AssertionKind, issuerOf, tokenTypes } from '@countersign/ws-federation';
import { parseXml, type XmlElement, XmlError } from '@countersign/xml';
import { errors } from 'oidc-provider';
import { signInByToken } from '../../../sign-in/index.ts';
import { accountOf } from '../accounts.ts';
import { actOfCall } from '../act-of-call.ts';
import { mayUseClient } from '../assignment.ts';
import { acrOf } from '../authentication-words.ts';
import { callOf } from '../call.ts';
import { type GrantContext, type OwnGrant, requiredParameter } from './grant.ts';
import { issueForUser } from './issue-for-user.ts';
import { programSignInOf } from './program-sign-in.ts';

/**
 * A client brings an assertion about a person from an identity provider that the tenant trusts (RFC 7522 2.1). Each
 * application must have it switched on: whoever gets hold of an assertion is the person to it.
 */
export const saml20Bearer = samlBearer('saml20', 'urn:ietf:params:oauth:grant-type:saml2-bearer');

/** Interop: the same with SAML 1.1, which MSAL for Python and ADAL bring from AD FS. */
export const saml11Bearer = samlBearer('saml11', 'urn:ietf:params:oauth:grant-type:saml1_1-bearer');

function samlBearer(kind: AssertionKind, grantType: string): OwnGrant {
  return {
    grantType,
    parameters: ['assertion'],
    handler: (options, tenantId) => async (ctx) => {
      const { storage, upstream, newId } = options;
      const token = readAssertion(kind, requiredParameter(ctx, 'assertion'));
      const call = callOf(ctx);
      const { client } = ctx.oidc;
      const act = actOfCall(call, { now: options.now(), newId }, client);
      const sent = { issuer: issuerOf(token), document: token, token, addresses: ourNames(ctx) };
      const signIn = await signInByToken(storage, upstream, act, { ...programSignInOf(ctx), ...sent });
      if (signIn.outcome === 'refused') throw refusals[signIn.reason](signIn.detail);
      const { user, authenticatedAt, context, proxyRestriction } = signIn;
      if (proxyRestriction && !mayPassOn(proxyRestriction, String(client?.clientId))) {
        throw new errors.InvalidGrant('The assertion must not be passed on to this application.');
      }
      if (!(await mayUseClient(storage.read, tenantId, user.id, client))) {
        throw new errors.InvalidGrant('The user is not assigned to the application.');
      }
      call.accountId = user.id;
      const authTime = Math.floor(authenticatedAt.getTime() / 1000);
      const amr = context === 'singleFactor' ? ['fed'] : ['fed', 'mfa'];
      const proof = { authTime, acr: acrOf[context], amr };
      await issueForUser(ctx, { account: accountOf(user), proof }, { gty: 'saml-bearer' });
    },
  };
}

/** RFC 7522 2.1: in base64url. Interop: ADAL writes base64. @throws InvalidGrant */
function readAssertion(kind: AssertionKind, text: string): XmlElement {
  const [namespace] = tokenTypes[kind];
  try {
    const isBase64 = /^[a-z0-9+/_-]+={0,2}$/i.test(text);
    const element = isBase64 ? parseXml(Buffer.from(text, 'base64').toString()) : undefined;
    if (element?.name === 'Assertion' && element.namespace === namespace) return element;
  } catch (error) {
    if (!(error instanceof XmlError)) throw error;
  }
  throw new errors.InvalidGrant(`The assertion is no assertion of the namespace ${namespace} in base64url.`);
}

/** RFC 7522 3 items 2 and 5: the token endpoint, and the name of the authorization server. */
function ourNames(ctx: GrantContext): string[] {
  const { url } = callOf(ctx).request;
  return [url.origin + url.pathname, ctx.oidc.issuer];
}

const refusals = {
  // RFC 7522 3.1 allows to say why; the log does, which not everybody reads.
  token_refused: (detail: string) =>
    Object.assign(new errors.InvalidGrant('The assertion was not accepted.'), { cause: detail }),
  interaction_required: () => new errors.InteractionRequired('The person has to sign in at a page.'),
};
