import { isXmlText } from './characters.ts';
import { emptyScope, type XmlAttribute, type XmlElement, type XmlNode } from './element.ts';
import { XmlError } from './errors.ts';

/** Attributes by name, with prefix where they have one; undefined ones are left out. */
export type BuildAttributes = Record<string, string | number | boolean | undefined>;

/** What an element is built of; undefined and lists are there to make optional and repeated parts easy. */
export type BuildContent = XmlNode | undefined | readonly BuildContent[];

/** Makes an element of a vocabulary: `build('saml:Audience', {}, audience)`. Throws {@link XmlError} for text that XML cannot hold. */
export type Build<Prefix extends string> = (
  name: `${Prefix}:${string}`,
  attributes?: BuildAttributes,
  content?: BuildContent,
  /** Prefixes to declare here although no name uses them, for values that are qualified names. */
  declare?: readonly Prefix[],
) => XmlElement;

/** The maker of elements whose names use these prefixes. */
export function vocabulary<Prefix extends string>(namespaces: Record<Prefix, string>): Build<Prefix> {
  const resolve = (qualifiedName: string) => {
    const [prefix = '', name = ''] = qualifiedName.split(':');
    return { prefix, name, namespace: namespaces[prefix as Prefix] };
  };
  const resolved = new Map<string, ReturnType<typeof resolve>>();
  return (qualifiedName, attributes = {}, content = [], declare = []) => {
    let name = resolved.get(qualifiedName);
    if (!name) {
      name = resolve(qualifiedName);
      resolved.set(qualifiedName, name);
    }
    const built: XmlAttribute[] = [];
    for (const [key, value] of Object.entries(attributes)) {
      if (value === undefined) continue;
      const identity = key.includes(':') ? resolve(key) : { prefix: '', name: key, namespace: '' };
      built.push({ ...identity, value: checkText(String(value)) });
    }
    const children: XmlNode[] = [];
    addContent(children, content);
    const scope =
      declare.length > 0 ? { declared: new Map(declare.map((prefix) => [prefix, namespaces[prefix]])) } : emptyScope;
    return { ...name, attributes: built, children, scope };
  };
}

function addContent(children: XmlNode[], content: BuildContent): void {
  if (content === undefined || content === '') return;
  if (typeof content === 'string') children.push(checkText(content));
  else if ('name' in content) children.push(content);
  else for (const part of content) addContent(children, part);
}

function checkText(text: string): string {
  if (!isXmlText(text)) throw new XmlError('xml.malformed', `${JSON.stringify(text)} cannot be written.`);
  return text;
}
