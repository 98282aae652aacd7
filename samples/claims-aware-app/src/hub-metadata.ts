// What this application knows of the hub: its metadata, which the hub keeps in step with its keys.
import { DOMParser, type Element, onErrorStopParsing } from '@xmldom/xmldom';
import type { ProtocolName } from './person.ts';

/** One role of the hub: identity provider of SAML, or security token service of WS-Federation. */
export interface HubRole {
  /** By what the hub names itself in tokens. */
  issuer: string;
  /** Of the keys that sign, DER in base64: the next one is there before it signs. */
  certificates: readonly string[];
  /** Where browsers go to sign in or out. */
  address: string;
}

/** How long a copy is good, in milliseconds. */
const keptFor = 600_000;

const namespaces = {
  metadata: 'urn:oasis:names:tc:SAML:2.0:metadata',
  signature: 'http://www.w3.org/2000/09/xmldsig#',
  federation: 'http://docs.oasis-open.org/wsfed/federation/200706',
} as const;

/** Reads the metadata at an address when they are needed, and again from time to time. */
export function hubMetadata(
  url: string,
  ask: typeof fetch,
  now: () => number,
): (protocol: ProtocolName) => Promise<HubRole> {
  let kept: { text: string; readAt: number } | undefined;
  return async (protocol) => {
    if (!kept || now() - kept.readAt > keptFor) {
      const answer = await ask(url, { signal: AbortSignal.timeout(10_000) });
      if (!answer.ok) throw new Error(`${url} answers ${answer.status}.`);
      kept = { text: await answer.text(), readAt: now() };
    }
    return parseMetadata(kept.text, protocol);
  };
}

/** Where each protocol has the role of the hub in the metadata, and its address in the role. */
const places: Readonly<Record<ProtocolName, (entity: Element) => { role?: Element; address?: string | null }>> = {
  // SAML Metadata 2.4.3
  saml(entity) {
    const [role] = descendants(entity, 'metadata', 'IDPSSODescriptor');
    const services = role ? descendants(role, 'metadata', 'SingleSignOnService') : [];
    const byRedirect = services.find((service) => service.getAttribute('Binding')?.endsWith(':HTTP-Redirect'));
    return { ...(role && { role }), address: byRedirect?.getAttribute('Location') ?? null };
  },
  // WS-Federation 1.2 3.1.2
  'ws-federation'(entity) {
    const [endpoint] = descendants(entity, 'federation', 'PassiveRequestorEndpoint');
    const role = descendants(entity, 'metadata', 'RoleDescriptor').find((found) => found === endpoint?.parentNode);
    return { ...(role && { role }), address: endpoint?.textContent?.trim() ?? null };
  },
};

/** @throws Error when the metadata do not say how the hub speaks this protocol */
export function parseMetadata(text: string, protocol: ProtocolName): HubRole {
  const { documentElement } = new DOMParser({ onError: onErrorStopParsing }).parseFromString(text, 'text/xml');
  const issuer = documentElement?.getAttribute('entityID');
  const { role, address } = documentElement ? places[protocol](documentElement) : {};
  if (!issuer || !role || !address) throw new Error(`The metadata of the hub do not speak of ${protocol}.`);
  const certificates = descendants(role, 'metadata', 'KeyDescriptor')
    .filter((key) => key.getAttribute('use') !== 'encryption')
    .flatMap((key) => descendants(key, 'signature', 'X509Certificate'))
    .map(({ textContent }) => (textContent ?? '').replaceAll(/\s/g, ''));
  return { issuer, certificates, address };
}

function descendants(of: Element, namespace: keyof typeof namespaces, name: string): Element[] {
  return [...of.getElementsByTagNameNS(namespaces[namespace], name)];
}
