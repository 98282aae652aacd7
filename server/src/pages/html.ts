const marker = Symbol('html');

/** Text that is safe to send: made by `html` only, so that whatever was put into it is escaped. */
export interface Html {
  readonly [marker]: string;
}

export type Child = Html | string | number | false | null | undefined | readonly Child[];

/** Joins HTML that is written in the source with values, which are escaped unless they are Html themselves. */
export function html(parts: TemplateStringsArray, ...children: Child[]): Html {
  return { [marker]: parts.reduce((text, part, index) => text + render(children[index - 1]) + part) };
}

function render(child: Child): string {
  if (child === undefined || child === null || child === false) return '';
  if (typeof child === 'string' || typeof child === 'number') return escapeText(String(child));
  return marker in child ? child[marker] : child.map(render).join('');
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Attributes from values: true gives the bare name; false and undefined leave it out. */
export function attributes(values: Readonly<Record<string, string | number | boolean | undefined>>): Html {
  const parts = Object.entries(values).map(([name, value]) => {
    if (value === undefined || value === false) return '';
    return value === true ? ` ${name}` : ` ${name}="${escapeText(String(value))}"`;
  });
  return { [marker]: parts.join('') };
}

/** The beginning of an element. The name comes from a list of ours, never from outside. */
export function opening(name: string, values: Readonly<Record<string, string>>): Html {
  return { [marker]: `<${name}${attributes(values)[marker]}>` };
}

export function closing(name: string): Html {
  return { [marker]: `</${name}>` };
}

/** The finished text of a page. */
export function print(page: Html): string {
  return `<!doctype html>\n${page[marker]}`;
}
