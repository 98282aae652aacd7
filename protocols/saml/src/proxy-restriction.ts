import { findAttribute, listChildren, tokenOf, type XmlElement } from '@countersign/xml';
import { SamlStatusError } from './errors.ts';
import { build, samlNamespace } from './vocabulary.ts';

/** How an assertion limits those that others issue on the strength of it (SAML Core 2.5.1.6). */
export interface ProxyRestriction {
  /** How many may still come after it, one on the strength of the other; undefined: any number. */
  count?: number | undefined;
  /** For whom they may be; empty: for everybody. */
  audiences: readonly string[];
}

/** @throws SamlStatusError `assertion.condition` for one that forbids what whoever reads it here does: to pass it on */
export function parseProxyRestriction(element: XmlElement): ProxyRestriction {
  const count = findAttribute(element, 'Count');
  // XML Schema: xs:nonNegativeInteger, of which no more digits mean anything here.
  if (count !== undefined && !/^\d{1,9}$/.test(count)) {
    throw new SamlStatusError('assertion.condition', `The Count "${count}" is no number.`);
  }
  if (count !== undefined && Number(count) === 0) {
    throw new SamlStatusError('assertion.condition', 'What it says must not be passed on.');
  }
  return {
    ...(count !== undefined && { count: Number(count) }),
    audiences: listChildren(element, samlNamespace, 'Audience').map(tokenOf),
  };
}

export function buildProxyRestriction({ count, audiences }: ProxyRestriction): XmlElement {
  return build(
    'saml:ProxyRestriction',
    { Count: count },
    audiences.map((audience) => build('saml:Audience', {}, audience)),
  );
}

/** SAML Core 2.5.1.6: whether an assertion for this audience may be issued on the strength of one with the restriction. */
export function mayPassOn({ count, audiences }: ProxyRestriction, audience: string): boolean {
  return count !== 0 && (audiences.length === 0 || audiences.includes(audience));
}

/** SAML Core 2.5.1.6: what that assertion MUST carry itself: a count that is one less, and no other audiences. */
export function passedOn({ count, audiences }: ProxyRestriction): ProxyRestriction {
  return { ...(count !== undefined && { count: count - 1 }), audiences };
}
