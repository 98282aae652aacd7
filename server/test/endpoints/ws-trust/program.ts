// A program that asks for tokens with a person's password or token, its requests as MSAL for Python and adal-node write their requests.
import assert from 'node:assert/strict';
import { type TrustVersion, trustVersions } from '@countersign/ws-federation';
import { parseXml, writeXml, type XmlElement } from '@countersign/xml';
import { password } from '../../sign-in/journey.ts';
import { match } from '../../sign-in/test-browser.ts';
import { origin, realm, type WsFederationHub } from '../ws-federation/ws-federation-hub.ts';

export const paths = {
  trust13: '/services/trust/13/usernamemixed',
  trust2005: '/services/trust/2005/usernamemixed',
} as const;

export const tokenPaths = {
  trust13: '/services/trust/13/issuedtoken',
  trust2005: '/services/trust/2005/issuedtoken',
} as const;

interface Asked {
  version?: TrustVersion;
  username?: string;
  password?: string;
  /** An assertion in place of name and password, to the address for tokens. */
  token?: XmlElement;
  /** In whose name it is asked. */
  delegation?: { as: 'ActAs' | 'OnBehalfOf'; token: XmlElement };
  /** Instead of the tenant's own address. */
  path?: string;
  appliesTo?: string;
  /** The time that the message bears. */
  createdAt?: Date;
  /** Changes the finished text. */
  change?: (text: string) => string;
  httpAction?: string;
}

const escaped = (text: string) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');

export class Program {
  readonly #hub: WsFederationHub;

  constructor(hub: WsFederationHub) {
    this.#hub = hub;
  }

  get name(): string {
    return `marge@${this.#hub.tenant.name}.onmicrosoft.com`;
  }

  async ask(asked: Asked = {}) {
    const { version = 'trust13', change = (text) => text } = asked;
    const path = asked.path ?? `/${this.#hub.tenant.id}${(asked.token ? tokenPaths : paths)[version]}`;
    const action = asked.httpAction ?? trustVersions[version].issueAction;
    return this.post(path, change(this.#message(path, version, asked)), action);
  }

  /** Posts anything. */
  async post(path: string, body: string, action?: string) {
    const url = new URL(path, origin);
    const found = this.#hub.all
      .filter((route) => route.method === 'POST')
      .map((route) => ({ route, parameters: match(route.path, url.pathname) }))
      .find(({ parameters }) => parameters !== undefined);
    assert.ok(found?.parameters, `nothing serves ${path}`);
    const requestId = crypto.randomUUID();
    const answer = await found.route.handle({
      method: 'POST',
      url,
      parameters: found.parameters,
      headers: { 'content-type': 'application/soap+xml; charset=utf-8', ...(action && { soapaction: action }) },
      body: new TextEncoder().encode(body),
      remoteAddress: '192.0.2.1',
      requestId,
      admitTenant: () => {},
    });
    const text = String(answer.body);
    parseXml(text);
    return { status: answer.status, headers: answer.headers ?? {}, text, requestId };
  }

  #nameAndPassword({ username = this.name, password: sent = password }: Asked): string {
    return `<wsse:UsernameToken wsu:Id="user"><wsse:Username>${escaped(username)}</wsse:Username><wsse:Password>${escaped(sent)}</wsse:Password></wsse:UsernameToken>`;
  }

  #message(path: string, version: TrustVersion, asked: Asked): string {
    const { appliesTo = realm, createdAt = this.#hub.now } = asked;
    const { namespace, issueAction, issueRequest, bearerKey } = trustVersions[version];
    const expiresAt = new Date(createdAt.getTime() + 600_000);
    return `<s:Envelope xmlns:s="http://www.w3.org/2003/05/soap-envelope" xmlns:wsa="http://www.w3.org/2005/08/addressing"
      xmlns:wsu="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-utility-1.0.xsd">
    <s:Header>
      <wsa:Action s:mustUnderstand="1">${issueAction}</wsa:Action>
      <wsa:MessageID>urn:uuid:the-message</wsa:MessageID>
      <wsa:ReplyTo><wsa:Address>http://www.w3.org/2005/08/addressing/anonymous</wsa:Address></wsa:ReplyTo>
      <wsa:To s:mustUnderstand="1">${origin}${path}</wsa:To>
      <wsse:Security s:mustUnderstand="1" xmlns:wsse="http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd">
        <wsu:Timestamp wsu:Id="_0"><wsu:Created>${createdAt.toISOString()}</wsu:Created><wsu:Expires>${expiresAt.toISOString()}</wsu:Expires></wsu:Timestamp>
        ${asked.token ? writeXml(asked.token) : this.#nameAndPassword(asked)}
      </wsse:Security>
    </s:Header>
    <s:Body>
      <wst:RequestSecurityToken xmlns:wst="${namespace}">
        <wsp:AppliesTo xmlns:wsp="http://schemas.xmlsoap.org/ws/2004/09/policy"><wsa:EndpointReference><wsa:Address>${appliesTo}</wsa:Address></wsa:EndpointReference></wsp:AppliesTo>
        ${delegationIn(asked, namespace)}
        <wst:KeyType>${bearerKey}</wst:KeyType>
        <wst:RequestType>${issueRequest}</wst:RequestType>
      </wst:RequestSecurityToken>
    </s:Body>
  </s:Envelope>`;
  }
}

function delegationIn({ delegation }: Asked, trustNamespace: string): string {
  if (!delegation) return '';
  const { as, token } = delegation;
  const namespace = as === 'ActAs' ? 'http://docs.oasis-open.org/ws-sx/ws-trust/200802' : trustNamespace;
  return `<d:${as} xmlns:d="${namespace}">${writeXml(token)}</d:${as}>`;
}

/** The token in an answer, as a program cuts it out. */
export function tokenIn({ status, text }: { status: number; text: string }): XmlElement {
  assert.equal(status, 200, text);
  const [, cut = ''] = /<t:RequestedSecurityToken>(.*)<\/t:RequestedSecurityToken>/s.exec(text) ?? [];
  return parseXml(cut);
}

/** What stands in the code of a fault, and its text. */
export function faultIn({ status, text }: { status: number; text: string }): string {
  assert.equal(status, 500, text);
  const [, subcode] = /<s:Subcode><s:Value[^>]*>a:(\w+)</.exec(text) ?? [];
  assert.ok(subcode, text);
  return subcode;
}
