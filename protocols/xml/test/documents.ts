// Random documents for property tests.
import fc from 'fast-check';
import { emptyScope, type Scope, type XmlAttribute, type XmlElement, type XmlNode } from '../src/index.ts';

const namespaces = ['urn:example:aa', 'urn:example:bb', 'urn:example:cc', 'https://example.test/dd'];
const prefixes = ['p', 'q', 'r'];
const localName = fc.stringMatching(/^[a-w][a-z0-9.-]{0,5}$/);

/**
 * Text that XML can hold, with a liking for what must be escaped. Left out are U+0085, U+2028 and U+2029, which
 * @xmldom/xmldom takes for line ends as XML 1.1 does, and U+FFFD, of which it warns.
 */
const text = fc
  .array(
    fc.oneof(fc.string({ unit: 'grapheme' }), fc.constantFrom('&', '<', '>', '"', "'", ']]>', '\n', '\t', ' ', 'é')),
  )
  .map((parts) =>
    parts
      .join('')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: most of these are what XML cannot hold.
      .replace(/[\u0000-\u0008\u000b-\u001f\u0085\u2028\u2029\ufffd-\uffff]/g, '')
      .toWellFormed(),
  );

const rawElement: fc.Memo<RawElement> = fc.memo((depth) =>
  fc.record({
    prefix: fc.constantFrom('', ...prefixes),
    name: localName,
    declared: fc.dictionary(fc.constantFrom('', ...prefixes), fc.constantFrom(...namespaces), { maxKeys: 3 }),
    attributes: fc.array(fc.record({ prefix: fc.constantFrom('', 'xml', ...prefixes), name: localName, value: text }), {
      maxLength: 4,
    }),
    children:
      depth <= 1 ? fc.array(text, { maxLength: 1 }) : fc.array(fc.oneof(text, rawElement(depth - 1)), { maxLength: 4 }),
  }),
);

interface RawElement {
  prefix: string;
  name: string;
  declared: Record<string, string>;
  attributes: { prefix: string; name: string; value: string }[];
  children: (string | RawElement)[];
}

/** A namespace-well-formed element whose root declares every prefix. */
export const anyElement: fc.Arbitrary<XmlElement> = rawElement(4).map((raw) =>
  qualify(
    { ...raw, declared: { p: 'urn:example:aa', q: 'urn:example:bb', r: 'urn:example:cc', ...raw.declared } },
    emptyScope,
  ),
);

function qualify(raw: RawElement, outer: Scope): XmlElement {
  const declared = new Map(Object.entries(raw.declared));
  const scope = declared.size > 0 ? { declared, outer } : outer;
  const attributes: XmlAttribute[] = [];
  for (const { prefix, name, value } of raw.attributes) {
    const namespace = prefix === '' ? '' : resolve(scope, prefix);
    if (attributes.some((other) => other.name === name && other.namespace === namespace)) continue;
    attributes.push({ prefix, name, namespace, value });
  }
  const children: XmlNode[] = [];
  for (const child of raw.children) {
    const last = children.at(-1);
    if (typeof child !== 'string') children.push(qualify(child, scope));
    else if (typeof last === 'string') children[children.length - 1] = last + child;
    else if (child !== '') children.push(child);
  }
  return { prefix: raw.prefix, name: raw.name, namespace: resolve(scope, raw.prefix), attributes, children, scope };
}

function resolve(scope: Scope | undefined, prefix: string): string {
  if (prefix === 'xml') return 'http://www.w3.org/XML/1998/namespace';
  for (let at = scope; at; at = at.outer) {
    const found = at.declared.get(prefix);
    if (found !== undefined) return found;
  }
  return '';
}

/** The parts of a tree that canonicalization keeps: everything but the declarations. */
export function meaning(element: XmlElement): unknown {
  const { prefix, name, namespace, attributes, children } = element;
  return {
    name: [prefix, name, namespace],
    attributes: attributes.map((attribute) => JSON.stringify(attribute, Object.keys(attribute).sort())).sort(),
    children: children.map((child) => (typeof child === 'string' ? child : meaning(child))),
  };
}

/** A document's text in some other notation: other quotes, CDATA, character references, empty tags, line ends. */
export function printVariant(element: XmlElement, choose: () => number): string {
  const name = (item: { prefix: string; name: string }) => (item.prefix ? `${item.prefix}:${item.name}` : item.name);
  const character = (c: string) => (choose() % 2 ? `&#x${c.codePointAt(0)?.toString(16)};` : `&#${c.codePointAt(0)};`);
  const space = () => [' ', '  ', '\n', '\t'][choose() % 4] ?? ' ';
  const value = (content: string) => {
    const quote = choose() % 2 ? '"' : "'";
    return quote + content.replace(/[&<\n\t"']/g, (c) => (`"'`.includes(c) && c !== quote ? c : character(c))) + quote;
  };
  const content = (part: string) => {
    if (choose() % 4 === 0 && !part.includes(']]>') && part.trim() !== '') return `<![CDATA[${part}]]>`;
    return part.replace(/[&<>e]/g, (c) => (c === 'e' && choose() % 3 ? c : character(c)));
  };
  const declarations = [...element.scope.declared].map(
    ([prefix, namespace]) => `${space()}${prefix ? `xmlns:${prefix}` : 'xmlns'}=${value(namespace)}`,
  );
  const attributes = element.attributes.map((attribute) => `${space()}${name(attribute)} = ${value(attribute.value)}`);
  const open = `<${name(element)}${[...attributes, ...declarations].join('')}`;
  if (element.children.length === 0 && choose() % 2) return `${open}${space()}/>`;
  const children = element.children.map((child) =>
    typeof child === 'string' ? content(child) : printVariant(child, choose),
  );
  return `${open}>${children.join('')}</${name(element)}${choose() % 2 ? '' : '\n'}>`;
}
