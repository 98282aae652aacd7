import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseXml, writeXml } from '@countersign/xml';
import {
  buildLogoutRequest,
  buildLogoutResponse,
  checkLogoutRequest,
  checkLogoutResponse,
  type LogoutRequest,
  type NameId,
  nameIdFormats,
  nameIdKey,
  parseLogoutRequest,
  parseLogoutResponse,
  success,
} from '../src/index.ts';
import { expectedResponse, idp, later, now, refusal, sent, sp } from './parties.ts';

const nameId = {
  value: 'opaque',
  format: nameIdFormats.persistent,
  nameQualifier: idp.entityId,
  spNameQualifier: sp.entityId,
  spProvidedId: undefined,
};
const request: LogoutRequest = {
  id: '_logout',
  issueInstant: now,
  issuer: idp.entityId,
  destination: sp.acs,
  consent: undefined,
  nameId,
  sessionIndexes: ['_1', '_2'],
  notOnOrAfter: later(60),
  reason: 'urn:oasis:names:tc:SAML:2.0:logout:user',
};

test('SAML Core 3.7.1: a logout request that is written is read as it was', () => {
  assert.deepEqual(parseLogoutRequest(sent(buildLogoutRequest(request))), request);
  const least = { ...request, sessionIndexes: [], notOnOrAfter: undefined, reason: undefined };
  assert.deepEqual(parseLogoutRequest(sent(buildLogoutRequest(least))), least);
  const anonymous = writeXml(buildLogoutRequest(request)).replace(/<saml:Issuer.*<\/saml:Issuer>/, '');
  assert.throws(() => parseLogoutRequest(parseXml(anonymous)), refusal('message.issuer'));
});

test('SAML Core 3.7.1: a logout request that has expired or is of another peer is refused', () => {
  checkLogoutRequest(request, expectedResponse);
  checkLogoutRequest({ ...request, notOnOrAfter: undefined }, expectedResponse);
  checkLogoutRequest({ ...request, notOnOrAfter: later(-59) }, expectedResponse);
  assert.throws(
    () => checkLogoutRequest({ ...request, notOnOrAfter: later(-60) }, expectedResponse),
    refusal('logout.expired'),
  );
  assert.throws(
    () => checkLogoutRequest({ ...request, issuer: 'https://x.example' }, expectedResponse),
    refusal('message.issuer'),
  );
});

test('SAML Core 3.7.2: a logout response answers our request, with whatever status', () => {
  const response = {
    id: '_r',
    issueInstant: now,
    issuer: idp.entityId,
    destination: sp.acs,
    inResponseTo: '_request',
    status: { ...success, secondLevelCode: 'PartialLogout' },
  };
  const parsed = parseLogoutResponse(sent(buildLogoutResponse(response)));
  assert.deepEqual(parsed.status, { code: 'Success', secondLevelCode: 'PartialLogout', message: undefined });
  checkLogoutResponse(parsed, expectedResponse);
  checkLogoutResponse(
    { ...parsed, status: { code: 'Requester', secondLevelCode: 'UnknownPrincipal' } },
    expectedResponse,
  );
  assert.throws(
    () => checkLogoutResponse({ ...parsed, inResponseTo: '_x' }, expectedResponse),
    refusal('response.in_response_to'),
  );
  assert.throws(
    () => checkLogoutResponse({ ...parsed, inResponseTo: undefined }, expectedResponse),
    refusal('response.in_response_to'),
  );
  assert.throws(() => parseLogoutResponse(sent(buildLogoutRequest(request))), refusal('message.kind'));
});

test('SAML Core 3.3.4: name identifiers are the same when everything about them is', () => {
  const isSame = (a: NameId, b: NameId) => nameIdKey(a) === nameIdKey(b);
  assert.ok(isSame(nameId, { ...nameId, spProvidedId: 'x' }));
  assert.ok(isSame({ value: 'a' }, { value: 'a', format: nameIdFormats.unspecified }));
  assert.ok(isSame({ value: 'a', format: nameIdFormats.unspecified }, { value: 'a' }));
  for (const change of [
    { value: 'Opaque' },
    { format: nameIdFormats.transient },
    { nameQualifier: undefined },
    { spNameQualifier: 'x' },
  ]) {
    assert.ok(!isSame(nameId, { ...nameId, ...change }));
  }
});
