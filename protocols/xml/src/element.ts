/** The tree that {@link parseXml} makes and {@link writeXml} writes: elements and text, nothing else, never changed. */
export interface XmlElement {
  readonly prefix: string;
  /** The name without its prefix. */
  readonly name: string;
  /** The namespace name, empty when there is none. */
  readonly namespace: string;
  /** In document order, without namespace declarations. */
  readonly attributes: readonly XmlAttribute[];
  /** Neighbouring texts are one string. */
  readonly children: readonly XmlNode[];
  /** The namespace declarations that hold here. */
  readonly scope: Scope;
}

export type XmlNode = XmlElement | string;

export interface XmlAttribute {
  readonly prefix: string;
  readonly name: string;
  /** Empty for an attribute without prefix: it belongs to its element. */
  readonly namespace: string;
  readonly value: string;
}

/** Namespace declarations by prefix (the default one by the empty string), and those around them. */
export interface Scope {
  readonly declared: ReadonlyMap<string, string>;
  readonly outer?: Scope;
}

/** The namespace `http://www.w3.org/XML/1998/namespace`, which `xml` stands for everywhere. */
export const xmlNamespace = 'http://www.w3.org/XML/1998/namespace';

/** The namespace of declarations themselves; no name may lie in it. */
export const xmlnsNamespace = 'http://www.w3.org/2000/xmlns/';

/** The scope of a document's root: nothing is declared. */
export const emptyScope: Scope = { declared: new Map() };

/** The namespace that a prefix stands for, or undefined when nothing declares it. */
export function findNamespace(scope: Scope, prefix: string): string | undefined {
  for (let at: Scope | undefined = scope; at; at = at.outer) {
    const namespace = at.declared.get(prefix);
    if (namespace !== undefined) return namespace;
  }
  return prefix === 'xml' ? xmlNamespace : undefined;
}
