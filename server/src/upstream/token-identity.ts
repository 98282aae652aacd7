import type { StatedClaim } from '@countersign/claims';
import { nameIdFormats } from '@countersign/saml';
import type { SecurityToken } from '@countersign/ws-federation';
import { subjectClaimTypes } from '../issuance/index.ts';
import { UpstreamFailure } from '../sign-in/index.ts';
import type { UpstreamIdentity } from '../upstream-providers/index.ts';
import { contextOfClass } from './context-classes.ts';

/**
 * Of whom a token speaks.
 *
 * @param subjectClaim  the type of claim that names people and never changes; null: the name identifier does
 * @throws UpstreamFailure when it names nobody, or not one person
 */
export function identityOfToken(
  provider: string,
  subjectClaim: string | null,
  { subject, claims: stated, authentication, proxyRestriction }: SecurityToken,
): UpstreamIdentity {
  const claims: StatedClaim[] = stated.flatMap(({ type, values, originalIssuer }) =>
    values.map((value) => ({ type, value, ...(originalIssuer !== undefined && { originalIssuer }) })),
  );
  if (subject) claims.push({ type: subjectClaimTypes.nameIdentifier, value: subject.value });
  // SAML Core 8.3.8: another one at every sign-in.
  const isLasting = subject?.format !== nameIdFormats.transient;
  const [name, ...others] =
    subjectClaim === null
      ? [isLasting ? subject?.value : undefined]
      : claims.filter(({ type }) => type === subjectClaim).map(({ value }) => value);
  if (!name || others.length > 0) {
    throw new UpstreamFailure('upstream_answer_wrong', 'The token does not name one person.');
  }
  return {
    provider,
    subject: name,
    authenticatedAt: authentication?.instant ?? null,
    context: contextOfClass([authentication?.method]),
    claims,
    ...(proxyRestriction && { proxyRestriction }),
  };
}
