import { directoryAuthority, subjectClaimTypes } from './subject-claims.ts';

const passedOn = ['givenName', 'surname', 'emailAddress', 'displayName', 'objectId', 'tenantId', 'role'] as const;

/**
 * What applications without rules of their own are told: what Entra's basic claim set has. Claims of other identity
 * providers are passed on by rules that an administrator writes, and by no others (bad-inputs 13).
 */
export const defaultIssuanceRules = [
  `@RuleName = "Name"
c:[Type == "${subjectClaimTypes.upn}", Issuer == "${directoryAuthority}"] => issue(Type = "${subjectClaimTypes.name}", Value = c.Value);`,
  ...passedOn.map(
    (name) => `c:[Type == "${subjectClaimTypes[name]}", Issuer == "${directoryAuthority}"] => issue(claim = c);`,
  ),
].join('\n');

/** Who may sign in may have a token. */
export const defaultAuthorizationRules =
  '=> issue(Type = "http://schemas.microsoft.com/authorization/claims/permit", Value = "true");';
