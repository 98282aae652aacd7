import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  acceptedLanguages,
  chooseLanguage,
  formPage,
  languages,
  pageAssets,
  print,
  translator,
} from '../../src/pages/index.ts';
import type { Form } from '../../src/user-flows/index.ts';

const context = {
  language: 'en',
  translate: translator('en'),
  assets: '/assets',
  action: '/next',
  csrfToken: 'token',
} as const;
const page = (form: Form) => print(formPage(context, form));

test('whatever stands in a form is escaped', () => {
  const hostile = `"><script>alert('1')</script>&`;
  const text = page({
    title: { key: hostile },
    blocks: [
      { kind: 'field', name: 'a', label: { key: hostile }, type: 'text', value: hostile, error: { key: hostile } },
      { kind: 'facts', facts: [{ name: { key: hostile }, value: hostile }] },
      { kind: 'passkey', ceremony: 'get', options: hostile, conditional: false },
    ],
  });
  assert(!text.includes("alert('1')"));
  assert(!text.includes('"><script'));
});

test('WCAG 2.2 3.3.1: a field with an error is marked, tied to its text, and named in the summary', () => {
  const text = page({
    title: { key: 'x' },
    blocks: [
      { kind: 'field', name: 'email', label: { key: 'x' }, type: 'email', hint: { key: 'h' }, error: { key: 'e' } },
    ],
  });
  assert.match(text, /aria-invalid="true" aria-describedby="email-hint email-error"/);
  assert.match(text, /<a href="#email">e<\/a>/);
});

test('a page has no inline script, no inline style and no event attribute', () => {
  const text = page({
    title: { key: 'x' },
    blocks: [{ kind: 'field', name: 'p', label: { key: 'x' }, type: 'password' }],
  });
  assert.doesNotMatch(text, /<style|style=|<script(?![^>]*src=)|\son\w+=/);
  assert.match(text, /<script type="module" src="\/assets\/show-password.js">/);
});

test('every language has every message, with the same places', () => {
  const places = (text: string) => (text.match(/\{\w+\}/g) ?? []).sort();
  for (const [language, messages] of Object.entries(languages)) {
    assert.deepEqual(Object.keys(messages).sort(), Object.keys(languages.en).sort(), language);
    for (const [key, text] of Object.entries(messages)) {
      assert.deepEqual(places(text), places(Reflect.get(languages.en, key)), `${language} ${key}`);
    }
  }
});

test('a refusal for which there are no words is told by its code', () => {
  const text = { key: 'refused.directory.changed_meanwhile', values: { code: 'directory.changed_meanwhile' } };
  assert.match(translator('en')(text), /whoever runs the service: directory\.changed_meanwhile$/);
});

test('the style sheets know no left and right, so that they fit languages of both directions', () => {
  const sheets = pageAssets.filter(({ contentType }) => contentType.startsWith('text/css'));
  const css = sheets.map(({ body }) => new TextDecoder().decode(body)).join('\n');
  const physical = /^\s*(?:[\w-]+-)?(?:left|right)(?:-[\w-]+)?:.*|:\s*(?:left|right)\s*;/gm;
  assert.ok(css.includes('inset-inline-end'));
  assert.deepEqual(css.match(physical), null);
});

test('RFC 9110 12.5.4: accepted languages come by their weight', () => {
  assert.deepEqual(acceptedLanguages('en;q=0.5, de-AT, fr;q=0, *;q=0.1'), ['de-AT', 'en']);
  assert.equal(chooseLanguage(['fr', 'de-AT', 'en']), 'de');
  assert.equal(chooseLanguage(['xx']), 'en');
});
