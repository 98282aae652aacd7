import { authnContextClasses } from '@countersign/saml';
import type { UpstreamIdentity } from '../upstream-providers/index.ts';

type Context = UpstreamIdentity['context'];

/** What Entra and AD FS call several factors. */
const multipleFactors = 'http://schemas.microsoft.com/claims/multipleauthn';

/** Classes of authentication context and methods (SAML Authentication Context, WS-Federation) that mean several factors. */
export const multiFactorClasses: readonly string[] = [authnContextClasses.refedsMfa, multipleFactors];

/** Classes that mean a password. */
export const passwordClasses: readonly string[] = [
  authnContextClasses.passwordProtectedTransport,
  authnContextClasses.password,
];

/** How strongly somebody proved to be there. Unknown words say nothing. */
export function contextOfClass(classes: readonly (string | undefined)[]): Context {
  return classes.some((uri) => uri !== undefined && multiFactorClasses.includes(uri)) ? 'multiFactor' : 'singleFactor';
}
