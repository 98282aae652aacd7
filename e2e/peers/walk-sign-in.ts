// Signs in as a browser without JavaScript does: pages, forms, cookies.

/** Where a walk has ended, with the form that the last page would post there. */
export interface WalkedTo {
  url: URL;
  form: URLSearchParams | undefined;
}

/**
 * Fills in the forms from this address on and presses their first button, until it leads to an address of the application
 * or to a page that asks for nothing. Returns that address.
 *
 * @param cookies  what the browser has kept; it keeps the new ones there
 */
export async function walkSignIn(...walk: Parameters<typeof walkToAnswer>): Promise<URL> {
  return (await walkToAnswer(...walk)).url;
}

/** The same, with the form of an answer that is posted to the application. */
export async function walkToAnswer(
  start: URL,
  name: string,
  password: string,
  cookies = new Map<string, string>(),
): Promise<WalkedTo> {
  let url = start;
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 10; step++) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form && { method: 'POST', body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [key = '', value = ''] = cookie.split(';')[0]?.split('=') ?? [];
      cookies.set(key, value);
    }
    form = undefined;
    const text = await response.text();
    const location = response.headers.get('location') ?? unescaped(/content="0;url=([^"]*)"/.exec(text)?.[1]);
    if (location !== undefined) {
      url = new URL(location, url);
      if (url.origin !== start.origin) return { url, form: undefined };
      continue;
    }
    if (response.status !== 200) throw new Error(`${response.status} at ${url}: ${text}`);
    const [, action] = /<form[^>]*action="([^"]*)"/.exec(text) ?? [];
    if (action === undefined) return { url, form: undefined };
    url = new URL(unescaped(action) ?? '', url);
    if (url.origin !== start.origin) return { url, form: new URLSearchParams(fieldsOf(text)) };
    form = new URLSearchParams({ ...fieldsOf(text), action: buttonOf(text), name, password });
  }
  throw new Error(`The sign-in did not end: ${url}`);
}

/** What the page has filled in. */
function fieldsOf(text: string): Record<string, string> {
  const inputs = [...text.matchAll(/<input [^>]*>/g)].map(([tag]) => tag);
  const attribute = (tag: string, key: string) => unescaped(new RegExp(` ${key}="([^"]*)"`).exec(tag)?.[1]) ?? '';
  return Object.fromEntries(inputs.map((tag) => [attribute(tag, 'name'), attribute(tag, 'value')]));
}

function buttonOf(text: string): string {
  return /<button[^>]* value="([^"]*)"/.exec(text)?.[1] ?? '';
}

function unescaped(text: string | undefined): string | undefined {
  return text?.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
