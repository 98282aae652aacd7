// SimpleSAMLphp as an application, by the functions that PHP applications call.
import { makeCertificate } from '../peers/certificate.ts';
import { type ServiceProvider, testServiceProvider } from '../peers/service-provider.ts';
import { findSimpleSamlPhpPlace } from './simplesamlphp-place.ts';

const signer = "$application = new \\SimpleSAML\\Auth\\Simple('application');";

/** What a PHP application does with the library. */
const pagesAt = (origin: string) => ({
  home: `${signer} $application->requireAuth(); $attributes = $application->getAttributes();
    header('content-type: application/json');
    echo json_encode(['nameId' => $application->getAuthData('saml:sp:NameID')->getValue(),
      'mail' => implode(';', $attributes['mail'] ?? []), 'groups' => implode(';', $attributes['groups'] ?? [])]);`,
  passive: `${signer} $application->login(['isPassive' => true, 'ErrorURL' => '${origin}/failed']);`,
  failed: 'echo get_class(\\SimpleSAML\\Auth\\State::loadExceptionState()[\\SimpleSAML\\Auth\\State::EXCEPTION_DATA]);',
  'sign-out': `${signer} $application->logout('${origin}/public');`,
  public: "echo 'public';",
});

const sources = (origin: string, hub: string) => `<?php $config = ['application' => ['saml:SP',
  'entityID' => '${origin}/sp', 'idp' => '${hub}', 'privatekey' => 'sp.key', 'certificate' => 'sp.crt',
  'sign.authnrequest' => true, 'sign.logout' => true, 'redirect.validate' => true, 'WantAssertionsSigned' => true,
  'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256',
  'NameIDPolicy' => ['Format' => 'urn:oasis:names:tc:SAML:2.0:nameid-format:persistent', 'AllowCreate' => true]]];`;

async function start(metadata: string): Promise<ServiceProvider> {
  const place = await findSimpleSamlPhpPlace();
  const { origin } = place;
  place.keep('sp', await makeCertificate());
  const [, hub = ''] = /entityID="([^"]+)"/.exec(metadata) ?? [];
  place.write('authsources.php', sources(origin, hub));
  place.write('hub.xml', metadata);
  const metadataUrl = `${origin}/module.php/saml/sp/metadata.php/application`;
  await place.start(metadataUrl, pagesAt(origin));
  return {
    metadata: await (await fetch(metadataUrl)).text(),
    home: `${origin}/home`,
    asksFor: 'persistent',
    passive: `${origin}/passive`,
    signOut: `${origin}/sign-out`,
    stop: place.stop,
  };
}

testServiceProvider('SimpleSAMLphp', start);
