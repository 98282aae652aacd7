// SimpleSAMLphp as an identity provider.
import { type ClientCertificate, makeCertificate } from '../peers/certificate.ts';
import { findSimpleSamlPhpPlace } from './simplesamlphp-place.ts';

/** An identity provider with one person, `marge` with the password `springfield`. */
export interface SimpleSamlPhp {
  metadataUrl: string;
  /** Where its people sign out of everything. */
  signOutUrl: string;
  certificate: ClientCertificate;
  /** Tells it of those who may ask, by their metadata. */
  trust(metadata: string): void;
  /** Publishes a second certificate, which will sign later. */
  announceCertificate(): Promise<ClientCertificate>;
  /** Encrypts assertions from now on. */
  encryptAssertions(): void;
  /** Answers by artifact from now on, where it is asked to. */
  sendArtifacts(): void;
  stop(): Promise<void>;
}

export async function startSimpleSamlPhp(): Promise<SimpleSamlPhp> {
  const { origin, write, keep, start, stop } = await findSimpleSamlPhpPlace();
  const certificate = await makeCertificate();
  keep('first', certificate);
  write('authsources.php', people);
  write('metadata/saml20-idp-hosted.php', hosted(''));
  write('hub.xml', '<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"/>');
  const metadataUrl = `${origin}/saml2/idp/metadata.php`;
  await start(metadataUrl);
  return {
    metadataUrl,
    signOutUrl: `${origin}/saml2/idp/SingleLogoutService.php?ReturnTo=${encodeURIComponent(metadataUrl)}`,
    certificate,
    trust: (metadata) => write('hub.xml', metadata),
    async announceCertificate() {
      const next = await makeCertificate();
      keep('next', next);
      write(
        'metadata/saml20-idp-hosted.php',
        hosted("'new_privatekey' => 'next.key', 'new_certificate' => 'next.crt',"),
      );
      return next;
    },
    encryptAssertions: () => write('metadata/saml20-idp-hosted.php', hosted("'assertion.encryption' => true,")),
    sendArtifacts: () => write('metadata/saml20-idp-hosted.php', hosted("'saml20.sendartifact' => true,")),
    stop,
  };
}

const people = `<?php $config = ['example' => ['exampleauth:UserPass', 'marge:springfield' => [
  'uid' => ['marge'], 'givenName' => ['Marge'], 'sn' => ['Simpson'], 'mail' => ['marge@mycompany.example']]]];`;

const hosted = (more: string) => `<?php $metadata['urn:mycompany'] = ['host' => '__DEFAULT__',
  'privatekey' => 'first.key', 'certificate' => 'first.crt', ${more} 'auth' => 'example', 'sign.logout' => true,
  'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'];`;
