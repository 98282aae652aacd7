import { isBlank } from './characters.ts';
import type { XmlElement } from './element.ts';
import { XmlError } from './errors.ts';

// Reading what a schema says is there. Each function looks at one element and its children, never deeper: where a
// thing stands is part of what it means.

/** Whether the element has this name in this namespace. */
export function isNamed(element: XmlElement, namespace: string, name: string): boolean {
  return element.name === name && element.namespace === namespace;
}

/** The child elements, in order. Throws {@link XmlError} when there is text between them. */
export function listElements(element: XmlElement): XmlElement[] {
  const elements: XmlElement[] = [];
  for (const child of element.children) {
    if (typeof child !== 'string') elements.push(child);
    else if (!isBlank(child)) throw unexpected(element, 'holds text between its elements');
  }
  return elements;
}

/** The child elements of this name, in order. */
export function listChildren(element: XmlElement, namespace: string, name: string): XmlElement[] {
  return listElements(element).filter((child) => isNamed(child, namespace, name));
}

/** The child element of this name, if there is one. Throws {@link XmlError} when there are several. */
export function findChild(element: XmlElement, namespace: string, name: string): XmlElement | undefined {
  const [found, ...more] = listChildren(element, namespace, name);
  if (more.length > 0) throw unexpected(element, `holds several ${name}`);
  return found;
}

/** The child element of this name. Throws {@link XmlError} when there is none or several. */
export function getChild(element: XmlElement, namespace: string, name: string): XmlElement {
  const found = findChild(element, namespace, name);
  if (!found) throw unexpected(element, `holds no ${name}`);
  return found;
}

/** The whole text of an element. Throws {@link XmlError} when it holds elements. */
export function textOf(element: XmlElement): string {
  const [text = '', ...more] = element.children;
  if (typeof text !== 'string' || more.length > 0) throw unexpected(element, 'holds elements where text is expected');
  return text;
}

/** The whole text of an element whose type collapses white space: identifiers, URIs, times, numbers. */
export function tokenOf(element: XmlElement): string {
  return textOf(element)
    .replace(/[\t\n\r ]+/g, ' ')
    .trim();
}

/** An attribute's value, if it is there. Without namespace it is the attribute that has no prefix. */
export function findAttribute(element: XmlElement, name: string, namespace = ''): string | undefined {
  return element.attributes.find((attribute) => attribute.name === name && attribute.namespace === namespace)?.value;
}

/** An attribute's value. Throws {@link XmlError} when it is missing. */
export function getAttribute(element: XmlElement, name: string): string {
  const value = findAttribute(element, name);
  if (value === undefined) throw unexpected(element, `has no attribute ${name}`);
  return value;
}

/** Visits every element of the tree, from the root, in document order, with the element around it. */
export function walk(
  element: XmlElement,
  visit: (element: XmlElement, parent: XmlElement | undefined) => void,
  parent?: XmlElement,
): void {
  visit(element, parent);
  for (const child of element.children) if (typeof child !== 'string') walk(child, visit, element);
}

function unexpected(element: XmlElement, problem: string): XmlError {
  return new XmlError('xml.unexpected_content', `${element.name} ${problem}.`);
}
