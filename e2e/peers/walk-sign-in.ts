// Signs in as a browser without JavaScript does: pages, forms, cookies.

/** Follows the sign-in that begins at the address, and returns where it leads in the end: an address of the application. */
export async function walkSignIn(start: URL, name: string, password: string): Promise<URL> {
  const cookies = new Map<string, string>();
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
      if (url.origin !== start.origin) return url;
      continue;
    }
    const [, action] = /<form[^>]*action="([^"]*)"/.exec(text) ?? [];
    if (action === undefined || response.status !== 200) throw new Error(`${response.status} at ${url}: ${text}`);
    const hidden = [...text.matchAll(/<input type="hidden" name="([^"]*)" value="([^"]*)"/g)];
    form = new URLSearchParams(hidden.map(([, key = '', value]): [string, string] => [key, unescaped(value) ?? '']));
    for (const [key, value] of Object.entries({ name, password, action: 'submit' })) form.set(key, value);
    url = new URL(unescaped(action) ?? '', url);
  }
  throw new Error(`The sign-in did not end: ${url}`);
}

function unescaped(text: string | undefined): string | undefined {
  return text?.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}
