// A party that publishes metadata, by real calls on this machine.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

export class MetadataServer {
  /** What it answers, with which status. */
  text = '';
  status = 200;
  calls = 0;
  readonly #server = createServer((_, answer) => {
    this.calls += 1;
    // A connection that is kept could be closed just when it is used again.
    answer.writeHead(this.status, { location: '/elsewhere', connection: 'close' }).end(this.text);
  });

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  get url(): string {
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/metadata`;
  }
}

const head =
  '<md:EntityDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata" xmlns:ds="http://www.w3.org/2000/09/xmldsig#"';
const samlProtocol = 'protocolSupportEnumeration="urn:oasis:names:tc:SAML:2.0:protocol"';

interface Published {
  entityId?: string;
  certificates?: readonly string[];
  place?: string;
  attributes?: string;
}

/** Metadata of an identity provider. */
export function providerMetadata({
  entityId = 'urn:partner',
  certificates = [],
  place = 'https://partner.example/sso',
  attributes = '',
}: Published): string {
  return `${head} ID="_m" entityID="${entityId}" ${attributes}><md:IDPSSODescriptor ${samlProtocol}>${keysOf(certificates)}
    <md:SingleSignOnService Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect" Location="${place}"/>
  </md:IDPSSODescriptor></md:EntityDescriptor>`;
}

/** Metadata of an application. */
export function applicationMetadata({
  entityId = 'urn:portal',
  certificates = [],
  place = 'https://portal.example/acs',
  attributes = '',
}: Published): string {
  return `${head} entityID="${entityId}" ${attributes}><md:SPSSODescriptor ${samlProtocol}>${keysOf(certificates)}
    <md:NameIDFormat>urn:oasis:names:tc:SAML:2.0:nameid-format:persistent</md:NameIDFormat>
    <md:AssertionConsumerService index="0" Binding="urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST" Location="${place}"/>
  </md:SPSSODescriptor></md:EntityDescriptor>`;
}

function keysOf(certificates: readonly string[]): string {
  const key = (text: string) =>
    `<md:KeyDescriptor use="signing"><ds:KeyInfo><ds:X509Data><ds:X509Certificate>${text}</ds:X509Certificate></ds:X509Data></ds:KeyInfo></md:KeyDescriptor>`;
  return certificates.map(key).join('');
}
