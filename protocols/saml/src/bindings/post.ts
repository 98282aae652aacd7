import { decodeBase64, encodeBase64, parseXml, writeXml, type XmlElement } from '@countersign/xml';
import { reading, SamlStatusError } from '../errors.ts';
import { checkRelayState } from './relay-state.ts';

/** The name of the parameter that carries a message. */
export type MessageParameter = 'SAMLRequest' | 'SAMLResponse';

/** A message as it came by a form; nothing of it is verified. */
export interface PostedMessage {
  parameter: MessageParameter;
  element: XmlElement;
  relayState: string | undefined;
}

/** The values of one parameter. */
export type FormFields = Readonly<Record<string, readonly string[] | undefined>>;

/** Reads the form fields of the HTTP POST binding (SAML Bindings 3.5.4). Throws {@link SamlStatusError}. */
export function parsePost(fields: FormFields): PostedMessage {
  const parameter = findMessageParameter((name) => fields[name]?.length ?? 0);
  const text = fields[parameter]?.[0] ?? '';
  const element = reading(() => parseXml(decodeBase64(text)));
  return { parameter, element, relayState: relayStateOf(fields) };
}

/** The RelayState of a form, once at most. */
export function relayStateOf({ RelayState: given = [] }: FormFields): string | undefined {
  if (given.length > 1) throw new SamlStatusError('message.binding', 'There are several RelayState.');
  return checkRelayState(given[0]);
}

/** Which of the two parameters is there, once. */
export function findMessageParameter(count: (name: MessageParameter) => number): MessageParameter {
  const [requests, responses] = [count('SAMLRequest'), count('SAMLResponse')];
  if (requests + responses !== 1) {
    throw new SamlStatusError('message.binding', `There are ${requests} SAMLRequest and ${responses} SAMLResponse.`);
  }
  return requests === 1 ? 'SAMLRequest' : 'SAMLResponse';
}

/** The value of the form field for a message. */
export function buildPost(message: XmlElement): string {
  return encodeBase64(new TextEncoder().encode(writeXml(message)));
}
