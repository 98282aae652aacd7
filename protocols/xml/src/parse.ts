import { expandReferences, isBlank, isXmlText } from './characters.ts';
import { Cursor, codes, type QualifiedName } from './cursor.ts';
import {
  emptyScope,
  findNamespace,
  type Scope,
  type XmlAttribute,
  type XmlElement,
  type XmlNode,
  xmlNamespace,
  xmlnsNamespace,
} from './element.ts';
import { XmlError } from './errors.ts';

/** How much a document may hold. */
export interface XmlLimits {
  /** Size of the document, in bytes when it is given as bytes, else in UTF-16 units. */
  readonly size: number;
  /** How deep elements may nest; the root is at depth 1. */
  readonly depth: number;
  /** Attributes and namespace declarations of one element. */
  readonly attributes: number;
}

/** Limits for messages that anybody may send. */
export const messageLimits: XmlLimits = { size: 250_000, depth: 64, attributes: 64 };

/** Limits for metadata, which an administrator chose to read. */
export const metadataLimits: XmlLimits = { size: 5_000_000, depth: 64, attributes: 64 };

/**
 * Reads a document and returns its root element. What is not in the tree, nobody downstream can read differently:
 * comments are gone (and refused beside text), CDATA is text, references are replaced.
 *
 * Throws {@link XmlError} for whatever is not well-formed by XML 1.0 and Namespaces in XML 1.0, and for what is
 * well-formed but has no place in a protocol message: document type declarations, processing instructions, encodings
 * other than UTF-8, relative namespace names, and documents above the limits.
 */
export function parseXml(document: string | Uint8Array, limits: XmlLimits = messageLimits): XmlElement {
  if (document.length > limits.size) {
    throw new XmlError('xml.too_large', `It has ${document.length} bytes, the limit is ${limits.size}.`);
  }
  const text = typeof document === 'string' ? document : decodeUtf8(document);
  if (!isXmlText(text)) throw new XmlError('xml.malformed', 'It holds a character that XML does not know.');
  // XML 1.0 2.11: line ends are normalized before anything else.
  const normalized = text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
  return new Reader(normalized, limits).readDocument();
}

function decodeUtf8(bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (cause) {
    throw new XmlError('xml.encoding', 'It has bytes that are not UTF-8.', { cause });
  }
}

const space = '[\\t\\n ]';
const equals = `${space}*=${space}*`;
const declaration = new RegExp(
  `\\uFEFF?(?:<\\?xml${space}+version${equals}(?:"1\\.0"|'1\\.0')` +
    `(?:${space}+encoding${equals}(?:"([^"<]*)"|'([^'<]*)'))?` +
    `(?:${space}+standalone${equals}(?:"(?:yes|no)"|'(?:yes|no)'))?${space}*\\?>)?`,
  'y',
);
const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]*:/;

/** Exclusive canonicalization repeats namespace names on every element that uses them, so their length is bounded. */
const longestNamespace = 256;

interface RawAttribute extends QualifiedName {
  value: string;
}

function isDeclaration({ prefix, name }: RawAttribute): boolean {
  return prefix === 'xmlns' || (prefix === '' && name === 'xmlns');
}

/** A recursive-descent reader of XML 1.0 without document type declaration. */
class Reader extends Cursor {
  private readonly limits: XmlLimits;

  constructor(text: string, limits: XmlLimits) {
    super(text);
    this.limits = limits;
  }

  readDocument(): XmlElement {
    declaration.lastIndex = 0;
    const [written = '', inDoubleQuotes, inSingleQuotes] = declaration.exec(this.text) ?? [];
    this.at = written.length;
    const encoding = inDoubleQuotes ?? inSingleQuotes ?? 'utf-8';
    if (encoding.toLowerCase() !== 'utf-8') this.refuse('xml.encoding', `It says "${encoding}".`);
    this.skipMiscellaneous();
    const root = this.readElement(emptyScope, 1);
    this.skipMiscellaneous();
    if (this.at < this.text.length) this.refuse('xml.malformed', 'Something follows the root element.');
    return root;
  }

  /** White space and comments, which may stand before and after the root element. */
  private skipMiscellaneous(): void {
    this.skipBlanks();
    while (this.text.startsWith('<!--', this.at)) {
      this.skipComment();
      this.skipBlanks();
    }
  }

  private readElement(outer: Scope, depth: number): XmlElement {
    if (depth > this.limits.depth) this.refuse('xml.too_deep', `The limit is ${this.limits.depth}.`);
    const start = this.at;
    if (!this.skip(codes.lessThan)) this.refuseMarkup();
    const { prefix, name } = this.readQualifiedName();
    if (name === '') this.refuseMarkup(start);
    const raw = this.readAttributes();
    const isEmpty = this.skip(codes.slash);
    if (!this.skip(codes.greaterThan)) this.refuse('xml.malformed', `The tag of "${name}" is broken.`);
    const scope = this.openScope(raw, outer);
    const namespace = this.resolve(scope, prefix);
    const attributes = this.qualify(raw, scope);
    const children = isEmpty ? [] : this.readContent(prefix === '' ? name : `${prefix}:${name}`, scope, depth);
    return { prefix, name, namespace, attributes, children, scope };
  }

  /** The attributes with the white space after them. */
  private readAttributes(): RawAttribute[] {
    const attributes: RawAttribute[] = [];
    for (;;) {
      const before = this.at;
      this.skipBlanks();
      const from = this.at;
      const { prefix, name } = this.readQualifiedName();
      if (this.at === from) return attributes;
      // XML 1.0 3.1: white space stands before each.
      if (name === '' || from === before) this.refuse('xml.malformed', 'An attribute is broken.');
      attributes.push({ prefix, name, value: this.readValue() });
      if (attributes.length > this.limits.attributes) {
        this.refuse('xml.too_many_attributes', `The limit is ${this.limits.attributes}.`);
      }
    }
  }

  /** The value of an attribute, from the space before its equals sign to the second quote. */
  private readValue(): string {
    this.skipBlanks();
    const isSaid = this.skip(codes.equalsSign);
    this.skipBlanks();
    const quote = this.text.charCodeAt(this.at);
    const end = this.text.indexOf(quote === codes.doubleQuote ? '"' : "'", this.at + 1);
    if (!isSaid || (quote !== codes.doubleQuote && quote !== codes.singleQuote) || end < 0) {
      this.refuse('xml.malformed', 'An attribute is broken.');
    }
    const literal = this.text.slice(this.at + 1, end);
    // XML 1.0 2.3
    if (literal.includes('<')) this.refuse('xml.malformed', 'A value holds "<".');
    // XML 1.0 3.3.3: white space that stands for itself becomes a space.
    const value = this.expand(/[\t\n]/.test(literal) ? literal.replace(/[\t\n]/g, ' ') : literal);
    this.at = end + 1;
    return value;
  }

  /** The scope inside an element: its `xmlns` attributes in front of those around it. */
  private openScope(attributes: RawAttribute[], outer: Scope): Scope {
    if (!attributes.some(isDeclaration)) return outer;
    const declarations = attributes.filter(isDeclaration);
    const declared = new Map<string, string>();
    for (const { prefix, name, value } of declarations) {
      const declares = prefix === '' ? '' : name;
      if (declared.has(declares)) this.refuse('xml.malformed', `"${declares}" is declared twice.`);
      this.checkDeclaration(declares, value);
      if (declares !== 'xml') declared.set(declares, value);
    }
    return { declared, outer };
  }

  private checkDeclaration(prefix: string, namespace: string): void {
    // Namespaces in XML 1.0 3: xml and xmlns are bound for good.
    if (prefix === 'xmlns' || namespace === xmlnsNamespace || (prefix === 'xml') !== (namespace === xmlNamespace)) {
      this.refuse('xml.namespace', `"${prefix}" cannot stand for "${namespace}".`);
    }
    // Namespaces in XML 1.0 2.2: only the default namespace can be undeclared.
    if (namespace === '' && prefix === '') return;
    // Exclusive XML Canonicalization 2, Canonical XML 1.1: relative namespace names fail canonicalization.
    if (!absoluteUri.test(namespace) || namespace.length > longestNamespace) {
      this.refuse('xml.namespace', `"${namespace.slice(0, 80)}" is relative or too long.`);
    }
  }

  private qualify(raw: RawAttribute[], scope: Scope): XmlAttribute[] {
    const attributes: XmlAttribute[] = [];
    for (const item of raw) {
      if (isDeclaration(item)) continue;
      const { prefix, name, value } = item;
      const namespace = prefix === '' ? '' : this.resolve(scope, prefix);
      // XML 1.0 3.1, Namespaces in XML 1.0 6.3: no attribute twice, under whatever prefixes.
      if (attributes.some((other) => other.name === name && other.namespace === namespace)) {
        this.refuse('xml.malformed', `The attribute "${name}" stands twice.`);
      }
      attributes.push({ prefix, name, namespace, value });
    }
    return attributes;
  }

  private resolve(scope: Scope, prefix: string): string {
    const namespace = prefix === 'xmlns' ? undefined : findNamespace(scope, prefix);
    if (namespace === undefined && prefix !== '') this.refuse('xml.namespace', `"${prefix}" is not declared.`);
    return namespace ?? '';
  }

  /** Content up to and including the end tag. */
  private readContent(openName: string, scope: Scope, depth: number): XmlNode[] {
    const first = this.text.indexOf('<', this.at);
    if (this.text.charCodeAt(first + 1) !== codes.slash) return this.readMixed(openName, scope, depth);
    // Most elements hold text or nothing.
    const children = first > this.at ? [this.readText(first)] : [];
    this.readEndTag(openName);
    return children;
  }

  private readMixed(openName: string, scope: Scope, depth: number): XmlNode[] {
    const children: XmlNode[] = [];
    let [hasText, hasComment, pieces] = [false, false, 0];
    const addText = (text: string) => {
      const isText = !isBlank(text);
      hasText ||= isText;
      if (isText) pieces += 1;
      const last = children.at(-1);
      if (typeof last === 'string') children[children.length - 1] = last + text;
      else if (text !== '') children.push(text);
      if (pieces > 1) this.refuse('xml.interrupted_text', `"${openName}" holds text and CDATA.`);
    };
    for (;;) {
      const next = this.text.indexOf('<', this.at);
      if (next < 0) this.refuse('xml.malformed', `"${openName}" is not closed.`);
      if (next > this.at) addText(this.readText(next));
      if (this.text.startsWith('</', next)) break;
      if (this.text.startsWith('<!--', next)) {
        hasComment = true;
        this.skipComment();
      } else if (this.text.startsWith('<![CDATA[', next)) {
        addText(this.readCdata());
      } else {
        children.push(this.readElement(scope, depth + 1));
        pieces = 0;
      }
    }
    this.readEndTag(openName);
    if (hasText && hasComment) this.refuse('xml.interrupted_text', `"${openName}" holds text and a comment.`);
    return children;
  }

  private readEndTag(openName: string): void {
    if (this.text.startsWith(openName, this.at + 2)) {
      this.at += 2 + openName.length;
      this.skipBlanks();
      if (this.skip(codes.greaterThan)) return;
    }
    this.refuse('xml.malformed', `"${openName}" is closed by another tag.`);
  }

  private readText(end: number): string {
    const text = this.text.slice(this.at, end);
    // XML 1.0 2.4
    if (text.includes(']]>')) this.refuse('xml.malformed', '"]]>" stands in text.');
    const expanded = this.expand(text);
    this.at = end;
    return expanded;
  }

  private readCdata(): string {
    const start = this.at + '<![CDATA['.length;
    const end = this.text.indexOf(']]>', start);
    if (end < 0) this.refuse('xml.malformed', 'A CDATA section is not closed.');
    this.at = end + ']]>'.length;
    return this.text.slice(start, end);
  }

  private skipComment(): void {
    // XML 1.0 2.5: "--" occurs in a comment only as its end.
    const end = this.text.indexOf('--', this.at + '<!--'.length);
    if (end < 0 || this.text[end + 2] !== '>') this.refuse('xml.malformed', 'A comment is not closed.');
    this.at = end + '-->'.length;
  }

  private expand(text: string): string {
    return (
      expandReferences(text) ?? this.refuse('xml.malformed', 'An entity is not one of the five that XML itself knows.')
    );
  }

  private refuseMarkup(at = this.at): never {
    this.at = at;
    if (this.text.startsWith('<!', at)) this.refuse('xml.doctype', 'There is one.');
    if (this.text.startsWith('<?', at)) this.refuse('xml.processing_instruction', 'There is one.');
    this.refuse('xml.malformed', 'Here an element is expected.');
  }
}
