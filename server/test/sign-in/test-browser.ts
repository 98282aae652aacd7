// A browser without JavaScript that calls routes directly: cookies, forms, redirects.
import assert from 'node:assert/strict';
import { failurePage } from '../../src/endpoints/failure-page.ts';
import type { HttpRequest, HttpResponse, Route } from '../../src/endpoints/index.ts';
import { Refusal } from '../../src/refusal.ts';

const origin = 'https://hub.example';

/** The page that the browser shows now. */
export interface Page {
  status: number;
  text: string;
  title: string;
  headers: Readonly<Record<string, string | readonly string[]>>;
}

export class TestBrowser {
  readonly cookies = new Map<string, string>();
  address = '192.0.2.1';
  language = 'en';
  path = '';
  page: Page = { status: 0, text: '', title: '', headers: {} };
  readonly #routes: readonly Route[];

  constructor(routes: readonly Route[]) {
    this.#routes = routes;
  }

  /** Fetches a page, following redirects. */
  async open(path: string): Promise<Page> {
    return this.#send('GET', path);
  }

  /** Fills in the fields, and presses the button whose action is named. What the page has filled in stays. */
  async submit(fields: Readonly<Record<string, string>>, button: string): Promise<Page> {
    const form = this.form();
    const [name, value] = button.includes('=') ? button.split('=') : ['action', button];
    assert.ok(
      form.buttons.includes(`${name}=${value}`),
      `${button} is not among ${form.buttons} of "${this.page.title}"`,
    );
    for (const field of Object.keys(fields))
      assert.ok(field in form.fields, `no field ${field} on "${this.page.title}"`);
    const body = new URLSearchParams({ ...form.fields, ...fields, [name ?? '']: value ?? '' });
    return this.post(form.action, body);
  }

  async post(path: string, body: URLSearchParams): Promise<Page> {
    return this.#send('POST', path, body);
  }

  /** The one form of the page. */
  form(): { action: string; fields: Record<string, string>; buttons: string[] } {
    const text = /<form[\s\S]*<\/form>/.exec(this.page.text)?.[0];
    assert.ok(text, `no form on "${this.page.title}": ${this.page.text}`);
    const fields: Record<string, string> = {};
    for (const [tag] of text.matchAll(/<input[^>]*>/g)) {
      const { name = '', value = '', type } = attributesOf(tag);
      if (type !== 'checkbox') fields[name] = value;
      else if (/ checked/.test(tag)) fields[name] = value;
      else fields[name] ??= '';
    }
    for (const [area, value = ''] of text.matchAll(/<textarea[^>]*>([^<]*)<\/textarea>/g)) {
      fields[attributesOf(area)['name'] ?? ''] = unescaped(value);
    }
    for (const [select] of text.matchAll(/<select[\s\S]*?<\/select>/g)) {
      const selected = /<option[^>]* selected[^>]*>/.exec(select)?.[0] ?? '';
      fields[attributesOf(select)['name'] ?? ''] = attributesOf(selected)['value'] ?? '';
    }
    const buttons = [...text.matchAll(/<button[^>]*>/g)].map(([tag]) => {
      const { name, value } = attributesOf(tag);
      return `${name}=${value}`;
    });
    return { action: attributesOf(text)['action'] ?? '', fields, buttons };
  }

  /** Where the page leads on to by itself. */
  continuesTo(): URL {
    const target = /http-equiv="refresh" content="0;url=([^"]*)"/.exec(this.page.text)?.[1];
    assert.ok(target, `"${this.page.title}" leads nowhere: ${this.page.text}`);
    return new URL(unescaped(target), origin);
  }

  async #send(method: string, path: string, body?: URLSearchParams): Promise<Page> {
    const url = new URL(path, origin);
    const found = this.#routes
      .filter((route) => route.method === method)
      .map((route) => ({ route, parameters: match(route.path, url.pathname) }))
      .find(({ parameters }) => parameters !== undefined);
    assert.ok(found?.parameters, `nothing serves ${method} ${path}`);
    const {
      status,
      headers = {},
      body: answered = '',
    } = await answerOf(found.route, {
      method,
      url,
      parameters: found.parameters,
      headers: {
        cookie: [...this.cookies].map((pair) => pair.join('=')).join('; '),
        'accept-language': this.language,
        'user-agent': 'Test',
        'content-type': 'application/x-www-form-urlencoded',
      },
      body: body && new TextEncoder().encode(body.toString()),
      remoteAddress: this.address,
      requestId: crypto.randomUUID(),
      admitTenant: () => {},
    });
    for (const cookie of [headers['set-cookie'] ?? []].flat()) this.setCookie(cookie);
    const location = headers['location'];
    const text = String(answered);
    this.path = path;
    this.page = { status, text, title: unescaped(/<h1>(.*?)<\/h1>/.exec(text)?.[1] ?? ''), headers };
    // What is served elsewhere is where the test ends.
    const isOurs = typeof location === 'string' && new URL(location, url).origin === origin;
    return status === 303 && isOurs ? this.#send('GET', location) : this.page;
  }

  setCookie(text: string): void {
    const [pair = '', ...attributes] = text.split('; ');
    const [name = '', value = ''] = pair.split('=');
    assert.ok(name.startsWith('__Host-') && attributes.includes('Secure') && attributes.includes('HttpOnly'), text);
    if (attributes.includes('Max-Age=0')) this.cookies.delete(name);
    else this.cookies.set(name, value);
  }
}

export function match(pattern: string, path: string): Record<string, string> | undefined {
  const [expected, given] = [pattern.split('/'), path.split('/')];
  if (expected.length !== given.length) return undefined;
  const parameters: Record<string, string> = {};
  for (const [index, part] of expected.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) parameters[part.slice(1)] = value;
    else if (part !== value) return undefined;
  }
  return parameters;
}

function attributesOf(tag: string): Record<string, string | undefined> {
  const opening = /<[^>]*>/.exec(tag)?.[0] ?? '';
  return Object.fromEntries(
    [...opening.matchAll(/([\w-]+)="([^"]*)"/g)].map(([, name, value]) => [name, unescaped(value ?? '')]),
  );
}

function unescaped(text: string): string {
  return text.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code)));
}

/** As the web server does it, refusals become pages. */
async function answerOf({ handle }: Route, request: HttpRequest): Promise<HttpResponse> {
  try {
    return await handle(request);
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { status, code, message } = error;
    return failurePage(
      { status, code, message, requestId: request.requestId },
      request.headers['accept-language'] ?? '',
    );
  }
}
