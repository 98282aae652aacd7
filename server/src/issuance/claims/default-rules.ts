import { subjectClaimTypes } from './subject-claims.ts';

const passedOn = ['givenName', 'surname', 'emailAddress', 'displayName', 'objectId', 'tenantId', 'role'] as const;

/** What applications without rules of their own are told: what Entra's basic claim set has. */
export const defaultIssuanceRules = [
  `@RuleName = "Name"
c:[Type == "${subjectClaimTypes.upn}"] => issue(Type = "${subjectClaimTypes.name}", Value = c.Value);`,
  ...passedOn.map((name) => `c:[Type == "${subjectClaimTypes[name]}"] => issue(claim = c);`),
].join('\n');

/** Who may sign in may have a token. */
export const defaultAuthorizationRules =
  '=> issue(Type = "http://schemas.microsoft.com/authorization/claims/permit", Value = "true");';
