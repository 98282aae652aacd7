import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failurePage } from '../../src/endpoints/failure-page.ts';

const failure = {
  status: 404,
  code: 'http.not_found',
  message: 'There is nothing at <this> address.',
  requestId: 'r-1',
};

test('a failure is told in the language of the browser, with the reference that finds it in the log', () => {
  const { status, body, headers } = failurePage(failure, 'de-AT, en;q=0.5');
  assert.equal(status, 404);
  assert.match(String(body), /<html lang="de" dir="ltr">/);
  assert.match(String(body), /Unter dieser Adresse gibt es nichts\./);
  assert.match(String(body), /r-1/);
  assert.match(String(headers?.['content-security-policy']), /default-src 'none'/);
});

test('RFC 6585 4: whoever asks too often is told when to come again', () => {
  const tooMany = { ...failure, status: 429, code: 'http.too_many_requests', retryAfterSeconds: 7 };
  assert.match(String(failurePage(tooMany, '').body), /Try again in 7 seconds\./);
});

test('what is said in no other language is said in English, escaped', () => {
  const unusual = { ...failure, code: 'http.url_too_long' };
  assert.match(String(failurePage(unusual, 'de').body), /There is nothing at &#60;this&#62; address\./);
});
