// SimpleSAMLphp (Debian packages simplesamlphp, php-cli and php-sqlite3), unmodified, in PHP's own web server with a folder of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../tools/free-port.ts';
import { type ClientCertificate, makeCertificate } from '../peers/certificate.ts';
import { untilAnswered } from '../peers/until-answered.ts';

const pages = '/usr/share/simplesamlphp/www';

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
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-simplesamlphp-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  for (const name of ['metadata', 'certificates', 'data', 'log', 'temporary']) mkdirSync(path.join(folder, name));
  const keep = (name: string, { certificatePem, privateKeyPem }: ClientCertificate) => {
    write(`certificates/${name}.crt`, certificatePem);
    write(`certificates/${name}.key`, privateKeyPem);
  };
  const certificate = await makeCertificate();
  keep('first', certificate);
  write('config.php', configuration(folder, origin));
  write('authsources.php', people);
  write('metadata/saml20-idp-hosted.php', hosted(''));
  write('hub.xml', '<md:EntitiesDescriptor xmlns:md="urn:oasis:names:tc:SAML:2.0:metadata"/>');
  // Without the cache, which looks at files every other second only.
  const server = spawn('php', ['-d', 'opcache.enable=0', '-S', `127.0.0.1:${port}`, '-t', pages], {
    env: { PATH: process.env['PATH'], SIMPLESAMLPHP_CONFIG_DIR: folder },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  // It writes a line for every request.
  server.stderr.resume();
  const metadataUrl = `${origin}/saml2/idp/metadata.php`;
  await untilAnswered(metadataUrl, server);
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
    async stop() {
      if (server.kill()) await once(server, 'close');
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const people = `<?php $config = ['example' => ['exampleauth:UserPass', 'marge:springfield' => [
  'uid' => ['marge'], 'givenName' => ['Marge'], 'sn' => ['Simpson'], 'mail' => ['marge@mycompany.example']]]];`;

const hosted = (more: string) => `<?php $metadata['urn:mycompany'] = ['host' => '__DEFAULT__',
  'privatekey' => 'first.key', 'certificate' => 'first.crt', ${more} 'auth' => 'example', 'sign.logout' => true,
  'signature.algorithm' => 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256'];`;

const configuration = (folder: string, origin: string) => `<?php $config = [
  'baseurlpath' => '${origin}/', 'certdir' => '${folder}/certificates/', 'loggingdir' => '${folder}/log/',
  'datadir' => '${folder}/data/', 'tempdir' => '${folder}/temporary', 'metadatadir' => '${folder}/metadata/',
  'secretsalt' => 'of this test', 'auth.adminpassword' => 'of this test', 'technicalcontact_email' => 'nobody@mycompany.example',
  'timezone' => 'UTC', 'showerrors' => true, 'logging.handler' => 'file', 'logging.level' => 4,
  'enable.saml20-idp' => true, 'module.enable' => ['exampleauth' => true, 'core' => true, 'saml' => true],
  'session.cookie.secure' => false, 'session.cookie.samesite' => null, 'language.cookie.secure' => false,
  'store.type' => 'sql', 'store.sql.dsn' => 'sqlite:${folder}/data/store.sqlite',
  'metadata.sources' => [['type' => 'flatfile'], ['type' => 'xml', 'file' => '${folder}/hub.xml']],
];`;
