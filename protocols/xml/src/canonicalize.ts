import { findNamespace, type XmlAttribute, type XmlElement } from './element.ts';

/** How {@link canonicalize} departs from the plain form. */
export interface CanonicalizationOptions {
  /** The `InclusiveNamespaces PrefixList`: declared where they are in scope, used or not. Empty: the default one. */
  readonly inclusivePrefixes?: readonly string[];
  /** An element that is left out: the signature, by the transform "enveloped signature" (XML Signature 6.6.4). */
  readonly without?: XmlElement;
}

/** Exclusive XML Canonicalization 1.0 without comments, of one element as the root of its own document. */
export function canonicalize(element: XmlElement, options: CanonicalizationOptions = {}): string {
  const { inclusivePrefixes = [], without } = options;
  const alsoDeclared = (at: XmlElement) =>
    inclusivePrefixes.filter((prefix) => prefix === '' || findNamespace(at.scope, prefix) !== undefined);
  return render(element, nothingRendered, alsoDeclared, without);
}

/**
 * The element as a document's text: canonical, but with every namespace that the element or one in it declares, since
 * values such as `xsi:type="fed:SecurityTokenServiceType"` need them.
 */
export function writeXml(element: XmlElement): string {
  return render(element, nothingRendered, (at) => [...at.scope.declared.keys()], undefined);
}

type Rendered = ReadonlyMap<string, string>;
const nothingRendered: Rendered = new Map();

function render(
  element: XmlElement,
  outer: Rendered,
  alsoDeclared: (at: XmlElement) => readonly string[],
  without: XmlElement | undefined,
): string {
  const name = qualifiedName(element);
  const needed = neededNamespaces(element, alsoDeclared(element), outer);
  let text = `<${name}`;
  for (const [prefix, namespace] of needed) {
    text += ` ${prefix ? `xmlns:${prefix}` : 'xmlns'}="${escapeAttribute(namespace)}"`;
  }
  for (const attribute of inCanonicalOrder(element.attributes)) {
    text += ` ${qualifiedName(attribute)}="${escapeAttribute(attribute.value)}"`;
  }
  text += '>';
  const rendered = needed.length > 0 ? new Map([...outer, ...needed]) : outer;
  for (const child of element.children) {
    if (typeof child === 'string') text += escapeText(child);
    else if (child !== without) text += render(child, rendered, alsoDeclared, without);
  }
  return `${text}</${name}>`;
}

/** The declarations that this element must show: of the prefixes it uses, where they do not hold already. */
function neededNamespaces(element: XmlElement, alsoDeclared: readonly string[], outer: Rendered): [string, string][] {
  const needed: [string, string][] = [];
  const need = (prefix: string, namespace: string) => {
    if (prefix === 'xml' || (outer.get(prefix) ?? '') === namespace) return;
    if (!needed.some(([other]) => other === prefix)) needed.push([prefix, namespace]);
  };
  need(element.prefix, element.namespace);
  for (const { prefix, namespace } of element.attributes) if (prefix) need(prefix, namespace);
  for (const prefix of alsoDeclared) need(prefix, findNamespace(element.scope, prefix) ?? '');
  return needed.length > 1 ? needed.sort(([a], [b]) => compare(a, b)) : needed;
}

// Canonical XML 1.0 4.8: by namespace name, then by local name; attributes without namespace first.
function inCanonicalOrder(attributes: readonly XmlAttribute[]): readonly XmlAttribute[] {
  if (attributes.length < 2) return attributes;
  return attributes.toSorted((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name));
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

function qualifiedName({ prefix, name }: { prefix: string; name: string }): string {
  return prefix ? `${prefix}:${name}` : name;
}

const escapes: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#x9;',
  '\n': '&#xA;',
  '\r': '&#xD;',
};

function escapeText(text: string): string {
  return /[&<>\r]/.test(text) ? text.replace(/[&<>\r]/g, (character) => escapes[character] ?? '') : text;
}

function escapeAttribute(text: string): string {
  return /[&<"\t\n\r]/.test(text) ? text.replace(/[&<"\t\n\r]/g, (character) => escapes[character] ?? '') : text;
}
