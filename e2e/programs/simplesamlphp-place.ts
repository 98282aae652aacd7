// SimpleSAMLphp (Debian packages simplesamlphp, php-cli and php-sqlite3), unmodified, in PHP's own web server with a folder of its own.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../tools/free-port.ts';
import type { ClientCertificate } from '../peers/certificate.ts';
import { untilAnswered } from '../peers/until-answered.ts';

const program = '/usr/share/simplesamlphp';

/** Where it reads its configuration, and where browsers find it. */
export interface SimpleSamlPhpPlace {
  origin: string;
  /** Writes a file into the folder. */
  write(name: string, text: string): void;
  /** Keeps a key with its certificate under a name. */
  keep(name: string, certificate: ClientCertificate): void;
  /** Starts it, and waits until this address answers. @param pages  PHP by path, besides its own */
  start(address: string, pages?: Readonly<Record<string, string>>): Promise<void>;
  stop(): Promise<void>;
}

/** A folder with what all roles need. The metadata of others are in `hub.xml`. */
export async function findSimpleSamlPhpPlace(): Promise<SimpleSamlPhpPlace> {
  const folder = mkdtempSync(path.join(tmpdir(), 'countersign-simplesamlphp-'));
  const port = await freePort();
  const origin = `http://127.0.0.1:${port}`;
  let end = async () => {};
  const write = (name: string, text: string) => writeFileSync(path.join(folder, name), text);
  for (const name of ['metadata', 'certificates', 'data', 'log', 'temporary']) mkdirSync(path.join(folder, name));
  write('config.php', configuration(folder, origin));
  return {
    origin,
    write,
    keep(name, { certificatePem, privateKeyPem }) {
      write(`certificates/${name}.crt`, certificatePem);
      write(`certificates/${name}.key`, privateKeyPem);
    },
    async start(address, pages = {}) {
      for (const [name, text] of Object.entries(pages)) write(`${name}.php`, `<?php ${autoload} ${text}`);
      write('router.php', router(folder, Object.keys(pages)));
      // Without the cache, which looks at files every other second only.
      const options = ['-d', 'opcache.enable=0', '-S', `127.0.0.1:${port}`, '-t', `${program}/www`];
      const server = spawn('php', [...options, path.join(folder, 'router.php')], {
        env: { PATH: process.env['PATH'], SIMPLESAMLPHP_CONFIG_DIR: folder },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      // It writes a line for every request.
      server.stderr.resume();
      end = async () => {
        if (server.kill()) await once(server, 'close');
      };
      await untilAnswered(address, server);
    },
    async stop() {
      await end();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const autoload = `require_once '${program}/lib/_autoload.php';`;

/** Serves the pages, and leaves everything else to the web server. */
const router = (folder: string, pages: readonly string[]) => `<?php
  $page = trim(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH), '/');
  if (!in_array($page, ${JSON.stringify(pages)}, true)) return false;
  require '${folder}/' . $page . '.php';`;

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
