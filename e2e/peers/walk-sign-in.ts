// Goes where a browser without JavaScript goes: redirects, forms, cookies.

/** What a browser keeps, by name. */
export type Cookies = Map<string, string>;

/** Where a walk has ended. */
export interface WalkedTo {
  url: URL;
  /** What the last page would post there, where the walk ended before it. */
  form: URLSearchParams | undefined;
  /** The page that asks for nothing, where it ended at one. */
  page: { text: string; headers: Headers } | undefined;
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
  cookies: Cookies = new Map(),
): Promise<WalkedTo> {
  return walk(start, { name, password }, cookies, ({ origin }) => origin !== start.origin);
}

interface Walking {
  /** What is typed into a page besides. */
  fill?: (page: string) => Promise<Readonly<Record<string, string>>>;
  /** Sent with every request. */
  headers?: Readonly<Record<string, string>>;
}

/** Follows redirects and posts forms until a page asks for nothing, or something leads to an address at which to stop. */
export async function walk(
  start: URL | string,
  fields: Readonly<Record<string, string>>,
  cookies: Cookies,
  isEnd: (address: URL) => boolean = () => false,
  { fill = async () => ({}), headers = {} }: Walking = {},
): Promise<WalkedTo> {
  let url = new URL(start);
  let form: URLSearchParams | undefined;
  for (let step = 0; step < 30; step++) {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { ...headers, cookie: [...cookies].map((pair) => pair.join('=')).join('; ') },
      ...(form && { method: 'POST', body: form }),
    });
    for (const cookie of response.headers.getSetCookie()) {
      const [, key = '', value = ''] = /^([^=;]*)=([^;]*)/.exec(cookie) ?? [];
      cookies.set(key, value);
    }
    form = undefined;
    const text = await response.text();
    const location = response.headers.get('location') ?? unescaped(/content="\d+;url=([^"]*)"/.exec(text)?.[1]);
    if (location !== undefined) {
      url = new URL(location, url);
      if (isEnd(url)) return { url, form, page: undefined };
      continue;
    }
    if (response.status !== 200) throw new Error(`${response.status} at ${url}: ${text}`);
    const [, action] = /<form[^>]*action="([^"]*)"/.exec(text) ?? [];
    if (action === undefined) return { url, form, page: { text, headers: response.headers } };
    url = new URL(unescaped(action) ?? '', url);
    if (isEnd(url)) return { url, form: new URLSearchParams(fieldsOf(text)), page: undefined };
    form = new URLSearchParams({ ...fieldsOf(text), action: buttonOf(text), ...fields, ...(await fill(text)) });
  }
  throw new Error(`The walk did not end: ${url}`);
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
