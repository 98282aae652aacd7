import type { Failure, HttpResponse } from './route.ts';

/** The answer to a failure where no protocol has a form for it: HTML for browsers, JSON for everybody else. */
export function plainAnswer(failure: Failure, accept: string | undefined): HttpResponse & { body: string } {
  const { status, code, message, requestId } = failure;
  return accept?.includes('text/html')
    ? { status, headers: { 'content-type': 'text/html; charset=utf-8' }, body: page(failure) }
    : {
        status,
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body: JSON.stringify({ error: { code, message, requestId } }),
      };
}

function page({ message, requestId }: Failure): string {
  return [
    '<!doctype html>',
    '<html lang="en">',
    '<meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width">',
    `<title>${escaped(message)}</title>`,
    `<h1>${escaped(message)}</h1>`,
    `<p>Reference: <code>${escaped(requestId)}</code></p>`,
    '</html>',
    '',
  ].join('\n');
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
