import { findAttribute, listChildren, tokenOf, type XmlElement } from '@countersign/xml';
import { SamlStatusError } from './errors.ts';
import { build, samlNamespace } from './vocabulary.ts';

const comparisons = ['exact', 'minimum', 'maximum', 'better'] as const;

/** How strongly a service provider wants the user authenticated (SAML Core 3.3.2.2.1). */
export interface RequestedAuthnContext {
  comparison: (typeof comparisons)[number];
  /** Class references, preferred first. */
  classes: readonly string[];
}

export function parseRequestedAuthnContext(element: XmlElement): RequestedAuthnContext {
  const text = findAttribute(element, 'Comparison') ?? 'exact';
  const comparison = comparisons.find((name) => name === text);
  const classes = listChildren(element, samlNamespace, 'AuthnContextClassRef').map(tokenOf);
  // Declarations, the alternative to classes, are agreed between two parties; nobody here has any.
  if (!comparison || classes.length === 0) {
    throw new SamlStatusError('request.authn_context', `The comparison is "${text}", of ${classes.length} classes.`);
  }
  return { comparison, classes };
}

export function buildRequestedAuthnContext({ comparison, classes }: RequestedAuthnContext): XmlElement {
  return build(
    'samlp:RequestedAuthnContext',
    { Comparison: comparison },
    classes.map((uri) => build('saml:AuthnContextClassRef', {}, uri)),
  );
}

/**
 * The authentication context to reach: the weakest (for `maximum` the strongest) of `reachable`, which is in order of
 * strength, that satisfies the request; for `exact` the requester's first choice. Undefined: none does.
 */
export function decideAuthnContext(
  requested: RequestedAuthnContext | undefined,
  reachable: readonly string[],
): string | undefined {
  if (!requested) return reachable[0];
  const { comparison, classes } = requested;
  if (comparison === 'exact') return classes.find((uri) => reachable.includes(uri));
  const strengths = classes.map((uri) => reachable.indexOf(uri)).filter((strength) => strength >= 0);
  if (strengths.length === 0) return undefined;
  if (comparison === 'minimum') return reachable[Math.min(...strengths)];
  if (comparison === 'maximum') return reachable[Math.max(...strengths)];
  return reachable[Math.max(...strengths) + 1];
}

/** Whether a context that was reached satisfies the request; `order` holds the known classes, weakest first. */
export function satisfiesAuthnContext(
  requested: RequestedAuthnContext,
  reached: string,
  order: readonly string[],
): boolean {
  const { comparison, classes } = requested;
  if (comparison === 'exact') return classes.includes(reached);
  const strength = order.indexOf(reached);
  const strengths = classes.map((uri) => order.indexOf(uri)).filter((known) => known >= 0);
  if (strength < 0 || strengths.length === 0) return false;
  if (comparison === 'minimum') return strength >= Math.min(...strengths);
  if (comparison === 'maximum') return strength <= Math.max(...strengths);
  return strength > Math.max(...strengths);
}
