import { authnContextClasses, type RequestedAuthnContext, SamlStatusError } from '@countersign/saml';
import { type AuthenticationContext, authenticationContexts } from '../../sign-in/index.ts';

/** Interop: what Entra and AD FS call sign-in with several factors; their applications ask for it by this name. */
const multipleFactors = 'http://schemas.microsoft.com/claims/multipleauthn';

/** How strong a sign-in each class of SAML Authentication Context stands for. */
const contextOfClass: Readonly<Record<string, AuthenticationContext>> = {
  [authnContextClasses.unspecified]: 'singleFactor',
  [authnContextClasses.password]: 'singleFactor',
  [authnContextClasses.passwordProtectedTransport]: 'singleFactor',
  [authnContextClasses.timeSyncToken]: 'multiFactor',
  [authnContextClasses.refedsMfa]: 'multiFactor',
  [multipleFactors]: 'multiFactor',
};

/** The class that is answered when the request named none that fits. */
const classOfContext: Readonly<Record<AuthenticationContext, string>> = {
  singleFactor: authnContextClasses.passwordProtectedTransport,
  multiFactor: authnContextClasses.refedsMfa,
  phishingResistant: authnContextClasses.refedsMfa,
};

/**
 * The contexts that the request asks for, most wanted first. Nobody here is too strong: `maximum` leaves the choice to the
 * flow.
 *
 * @throws SamlStatusError `request.authn_context` when no class is known (SAML Core 3.3.2.2.1)
 */
export function contextsOf(requested: RequestedAuthnContext | undefined): AuthenticationContext[] {
  if (!requested || requested.comparison === 'maximum') return [];
  const known = requested.classes.flatMap((uri) => contextOfClass[uri] ?? []);
  if (known.length === 0) {
    throw new SamlStatusError('request.authn_context', `None of ${requested.classes.join(', ')} is known.`);
  }
  if (requested.comparison === 'exact') return known;
  const weakest = Math.min(...known.map(strengthOf));
  const wanted = authenticationContexts[requested.comparison === 'better' ? weakest + 1 : weakest];
  if (!wanted) throw new SamlStatusError('request.authn_context', 'Nothing is better than what it names.');
  return [wanted];
}

/** The class to answer: the first that was asked for and was reached, so that an exact comparison finds it. */
export function classOf(reached: AuthenticationContext, asked: readonly string[]): string {
  const fits = (uri: string) => {
    const context = contextOfClass[uri];
    return context !== undefined && strengthOf(context) <= strengthOf(reached);
  };
  return asked.find(fits) ?? classOfContext[reached];
}

function strengthOf(context: AuthenticationContext): number {
  return authenticationContexts.indexOf(context);
}
