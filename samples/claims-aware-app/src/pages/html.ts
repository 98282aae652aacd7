const marker = Symbol('html');

/** HTML that is safe to send: only `html` makes it, and escapes whatever is put into it. */
export interface Html {
  readonly [marker]: string;
}

type Child = Html | string | number | false | null | undefined | readonly Child[];

export function html(parts: TemplateStringsArray, ...children: Child[]): Html {
  return { [marker]: parts.reduce((text, part, index) => text + render(children[index - 1]) + part) };
}

function render(child: Child): string {
  if (child === undefined || child === null || child === false) return '';
  if (typeof child === 'string' || typeof child === 'number') {
    return String(child).replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
  }
  return marker in child ? child[marker] : child.map(render).join('');
}

/** The finished text of a page. */
export function print(page: Html): string {
  return `<!doctype html>\n${page[marker]}`;
}
