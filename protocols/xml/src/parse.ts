import { expandReferences, isBlank, isXmlText, ncName } from './characters.ts';
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
import { XmlError, type XmlRefusal } from './errors.ts';

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
const startTag = new RegExp(`<(?:(${ncName}):)?(${ncName})`, 'y');
const attribute = new RegExp(`${space}+(?:(${ncName}):)?(${ncName})${equals}(?:"([^<"]*)"|'([^<']*)')`, 'y');
const blanks = /[\t\n ]*/y;
const tagEnd = /[\t\n ]*(\/?)>/y;
const endOfEndTag = /[\t\n ]*>/y;
const absoluteUri = /^[A-Za-z][A-Za-z0-9+.-]*:/;

/** Exclusive canonicalization repeats namespace names on every element that uses them, so their length is bounded. */
const longestNamespace = 256;

interface RawAttribute {
  prefix: string | undefined;
  name: string;
  value: string;
}

function isDeclaration({ prefix, name }: RawAttribute): boolean {
  return prefix === 'xmlns' || (prefix === undefined && name === 'xmlns');
}

/** A recursive-descent reader of XML 1.0 without document type declaration. */
class Reader {
  private readonly text: string;
  private readonly limits: XmlLimits;
  private at = 0;

  constructor(text: string, limits: XmlLimits) {
    this.text = text;
    this.limits = limits;
  }

  readDocument(): XmlElement {
    const [, inDoubleQuotes, inSingleQuotes] = this.match(declaration) ?? [];
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
    this.match(blanks);
    while (this.text.startsWith('<!--', this.at)) {
      this.skipComment();
      this.match(blanks);
    }
  }

  private readElement(outer: Scope, depth: number): XmlElement {
    if (depth > this.limits.depth) this.refuse('xml.too_deep', `The limit is ${this.limits.depth}.`);
    const tag = this.match(startTag) ?? this.refuseMarkup();
    const [, prefix = '', name = ''] = tag;
    const raw = this.readAttributes();
    const end = this.match(tagEnd) ?? this.refuse('xml.malformed', `The tag of "${name}" is broken.`);
    const scope = this.openScope(raw, outer);
    const namespace = this.resolve(scope, prefix);
    const attributes = this.qualify(raw, scope);
    const children = end[1] === '/' ? [] : this.readContent(tag[0].slice(1), scope, depth);
    return { prefix, name, namespace, attributes, children, scope };
  }

  private readAttributes(): RawAttribute[] {
    const attributes: RawAttribute[] = [];
    for (let found = this.match(attribute); found; found = this.match(attribute)) {
      const [, prefix, name = '', inDoubleQuotes, inSingleQuotes = ''] = found;
      // XML 1.0 3.3.3: white space that stands for itself becomes a space.
      const literal = inDoubleQuotes ?? inSingleQuotes;
      const spaced = /[\t\n]/.test(literal) ? literal.replace(/[\t\n]/g, ' ') : literal;
      attributes.push({ prefix, name, value: this.expand(spaced) });
      if (attributes.length > this.limits.attributes) {
        this.refuse('xml.too_many_attributes', `The limit is ${this.limits.attributes}.`);
      }
    }
    return attributes;
  }

  /** The scope inside an element: its `xmlns` attributes in front of those around it. */
  private openScope(attributes: RawAttribute[], outer: Scope): Scope {
    const declarations = attributes.filter(isDeclaration);
    if (declarations.length === 0) return outer;
    const declared = new Map<string, string>();
    for (const { prefix, name, value } of declarations) {
      const declares = prefix === undefined ? '' : name;
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
      const namespace = prefix === undefined ? '' : this.resolve(scope, prefix);
      // XML 1.0 3.1, Namespaces in XML 1.0 6.3: no attribute twice, under whatever prefixes.
      if (attributes.some((other) => other.name === name && other.namespace === namespace)) {
        this.refuse('xml.malformed', `The attribute "${name}" stands twice.`);
      }
      attributes.push({ prefix: prefix ?? '', name, namespace, value });
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
      if (this.match(endOfEndTag)) return;
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

  private refuseMarkup(): never {
    if (this.text.startsWith('<!', this.at)) this.refuse('xml.doctype', 'There is one.');
    if (this.text.startsWith('<?', this.at)) this.refuse('xml.processing_instruction', 'There is one.');
    this.refuse('xml.malformed', 'Here an element is expected.');
  }

  private match(pattern: RegExp): RegExpExecArray | null {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  private refuse(code: XmlRefusal, detail: string): never {
    const before = this.text.slice(0, this.at).split('\n');
    const column = (before.at(-1)?.length ?? 0) + 1;
    throw new XmlError(code, `${detail} (line ${before.length}, column ${column})`);
  }
}
