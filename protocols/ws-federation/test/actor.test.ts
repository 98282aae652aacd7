import assert from 'node:assert/strict';
import { test } from 'node:test';
import { saml11Namespace, samlNamespace } from '@countersign/saml';
import { findAttribute, listElements, parseXml, textOf, type XmlElement } from '@countersign/xml';
import { actorClaim, actorClaimType, issuerOf } from '../src/index.ts';
import { issuer, sent, signedSaml11, signedSaml20 } from './tokens.ts';

/** What a reader that knows Windows Identity Foundation's form finds: names, whoever acts now first. */
function namesIn(text: string): string[] {
  const actor = parseXml(text);
  assert.deepEqual([actor.name, actor.namespace], ['Actor', '']);
  return listElements(actor).flatMap((attribute) => {
    const [value, ...more] = listElements(attribute);
    assert.ok(value && more.length === 0);
    return typeOf(attribute) === actorClaimType ? namesIn(textOf(value)) : [textOf(value)];
  });
}

function typeOf(attribute: XmlElement): string | undefined {
  if (attribute.namespace === samlNamespace) return findAttribute(attribute, 'Name');
  assert.equal(attribute.namespace, saml11Namespace);
  return `${findAttribute(attribute, 'AttributeNamespace')}/${findAttribute(attribute, 'AttributeName')}`;
}

test('WS-Trust 1.4 9.3: the claim of an actor holds who acts, and for whom that one acted, in both kinds of token', () => {
  for (const kind of ['saml11', 'saml20'] as const) {
    const { type, values } = actorClaim(kind, ['urn:b & c', 'urn:a']);
    assert.equal(type, actorClaimType);
    assert.deepEqual(values.map(namesIn), [['urn:b & c', 'urn:a']]);
  }
});

test('the issuer that a token names is read before anything is proven, and from tokens only', () => {
  assert.deepEqual([signedSaml11, signedSaml20].map(sent).map(issuerOf), [issuer, issuer]);
  assert.equal(issuerOf(parseXml('<Assertion Issuer="urn:x"/>')), undefined);
});
