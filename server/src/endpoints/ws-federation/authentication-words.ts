import { authnContextClasses, saml11AuthenticationMethods } from '@countersign/saml';
import { WsFederationError } from '@countersign/ws-federation';
import type { RelyingParty } from '../../applications/index.ts';
import type { AuthenticationContext } from '../../sign-in/index.ts';

/** Interop: what Entra and AD FS call sign-in with several factors, in requests and in tokens. */
const multipleFactors = 'http://schemas.microsoft.com/claims/multipleauthn';

/** Interop: what AD FS calls a password, and Entra asks AD FS for. */
const adFsPassword = 'http://schemas.microsoft.com/ws/2008/06/identity/authenticationmethod/password';

/** How strong a sign-in each `wauth` stands for: the words of both kinds of tokens. */
const contextOfUri: ReadonlyMap<string, AuthenticationContext> = new Map([
  [saml11AuthenticationMethods.unspecified, 'singleFactor'],
  [saml11AuthenticationMethods.password, 'singleFactor'],
  [adFsPassword, 'singleFactor'],
  [authnContextClasses.unspecified, 'singleFactor'],
  [authnContextClasses.password, 'singleFactor'],
  [authnContextClasses.passwordProtectedTransport, 'singleFactor'],
  [authnContextClasses.timeSyncToken, 'multiFactor'],
  [authnContextClasses.refedsMfa, 'multiFactor'],
  [multipleFactors, 'multiFactor'],
]);

const saml20Methods: Readonly<Record<AuthenticationContext, string>> = {
  singleFactor: authnContextClasses.passwordProtectedTransport,
  multiFactor: authnContextClasses.refedsMfa,
  phishingResistant: authnContextClasses.refedsMfa,
};

/** What tokens say when the request named nothing. Interop: AD FS uses the words of SAML 2.0 in JSON Web Tokens, too. */
const methods: Readonly<Record<RelyingParty['tokenKind'], typeof saml20Methods>> = {
  saml11: {
    singleFactor: saml11AuthenticationMethods.password,
    multiFactor: multipleFactors,
    phishingResistant: multipleFactors,
  },
  saml20: saml20Methods,
  jwt: saml20Methods,
};

/** The context that must be reached. @throws WsFederationError `request.authentication` when nobody here knows the URI */
export function contextsOf(uri: string | undefined): AuthenticationContext[] {
  if (!uri) return [];
  const context = contextOfUri.get(uri);
  if (context === undefined) throw new WsFederationError('request.authentication', `It is "${uri}".`);
  return [context];
}

/** What a token says of the way of signing in: what was asked for, since without it there would be no token. */
export function methodOf(
  kind: RelyingParty['tokenKind'],
  reached: AuthenticationContext,
  asked: string | null,
): string {
  return asked || methods[kind][reached];
}
