import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { after, describe, test } from 'node:test';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { openCertificateFiles, openLocalCertificates } from '../../src/http/index.ts';
import { openTestHttp } from './open-test-http.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'countersign-tls-'));
after(() => rmSync(folder, { recursive: true }));
const day = 86_400_000;
const secure = { COUNTERSIGN_PUBLIC_URL: 'https://hub.test', COUNTERSIGN_TLS: 'local' };
const isTenantHost = async (host: string) => host === 'login.contoso.test';

/** What the server proves on a handshake. Fails when the client would not trust it. */
function handshake(port: number, ca: string, host: string, servername?: string): Promise<DetailedPeerCertificate> {
  return new Promise((resolve, reject) => {
    const socket: TLSSocket = connect({ host: '127.0.0.1', port, ca, servername: servername ?? host }, () => {
      resolve(socket.getPeerCertificate(true));
      socket.destroy();
    });
    socket.on('error', reject);
  });
}

describe('the local authority', async () => {
  const place = path.join(folder, 'local');
  const certificates = await openLocalCertificates(place, 'hub.test', isTenantHost, () => new Date());
  const ca = readFileSync(certificates.authorityFile, 'utf8');
  const route = { method: 'GET', path: '/where', handle: ({ url }: { url: URL }) => ({ status: 200, body: url.href }) };
  const server = await openTestHttp([{ routes: [route] }], secure, { certificates });

  test('an unmodified client that trusts it reaches the hub by each of its names', async () => {
    for (const [host, servername] of [
      ['hub.test', 'hub.test'],
      [`localhost:${server.port}`, 'localhost'],
      ['login.contoso.test', 'login.contoso.test'],
      ['LOGIN.contoso.test', 'LOGIN.contoso.test'],
    ] as const) {
      const answer = await server.ask('/where', { ca, servername, headers: { host } });
      assert.equal(answer.body, `https://${host.toLowerCase()}/where`);
    }
    const byAddress = await server.ask('/where', { ca, headers: { host: `127.0.0.1:${server.port}` } });
    assert.equal(byAddress.status, 200);
    assert.equal(byAddress.headers['strict-transport-security'], undefined, 'RFC 6797 8.1.1');
    const byName = await server.ask('/where', { ca, servername: 'hub.test' });
    assert.equal(byName.headers['strict-transport-security'], 'max-age=31536000');
  });

  test('a tenant’s host has a certificate of its own, which names no other host', async () => {
    const { subjectaltname, subject } = await handshake(server.port, ca, 'login.contoso.test');
    assert.deepEqual([subjectaltname, subject.CN], ['DNS:login.contoso.test', 'login.contoso.test']);
    const own = await handshake(server.port, ca, 'hub.test');
    assert.equal(own.subjectaltname, 'DNS:hub.test, DNS:localhost, IP Address:127.0.0.1, IP Address:0:0:0:0:0:0:0:1');
  });

  test('no certificate is made for a name that is not served', async () => {
    for (const host of ['evil.test', '..', '../ca', 'a/b', 'x'.repeat(300), 'login.contoso.test.']) {
      await assert.rejects(handshake(server.port, ca, host), { code: /ERR_TLS_CERT_ALTNAME_INVALID|ERR_SSL/ }, host);
    }
    assert.deepEqual(readdirSync(path.join(place, 'hosts')), ['login.contoso.test.pem']);
  });

  test('RFC 5280 4.2.1: the authority may sign certificates of servers and nothing else', async () => {
    const authority = new X509Certificate(ca);
    const { raw } = await handshake(server.port, ca, 'hub.test');
    const certificate = new X509Certificate(raw);
    assert.equal(authority.ca, true);
    assert.equal(certificate.ca, false);
    assert.deepEqual(certificate.keyUsage, ['1.3.6.1.5.5.7.3.1'], 'server authentication');
    assert.equal(certificate.checkIssued(authority) && certificate.verify(authority.publicKey), true);
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.namedCurve, 'prime256v1');
    assert.ok(certificate.validToDate.getTime() - Date.now() <= 90 * day);
  });

  test('private keys are only for the owner of the folder', () => {
    for (const file of ['ca-key.pem', 'own.pem', 'hosts/login.contoso.test.pem']) {
      assert.equal(statSync(path.join(place, file)).mode & 0o777, 0o600, file);
    }
    assert.equal(statSync(place).mode & 0o777, 0o700);
  });

  test('the next start uses the same authority and certificates', async () => {
    const again = await openLocalCertificates(place, 'hub.test', isTenantHost, () => new Date());
    assert.equal(again.options.cert, certificates.options.key + certificates.options.cert);
    assert.equal(readFileSync(again.authorityFile, 'utf8'), ca);
    const moved = await openLocalCertificates(place, 'other.test', isTenantHost, () => new Date());
    assert.match(String(new X509Certificate(moved.options.cert).subjectAltName), /^DNS:other\.test/);
  });

  test('two processes that start at once in an empty folder share one authority', async () => {
    const empty = path.join(folder, 'race');
    const open = () => openLocalCertificates(empty, 'hub.test', isTenantHost, () => new Date());
    const opened = await Promise.all([open(), open(), open()]);
    const authority = new X509Certificate(readFileSync(path.join(empty, 'ca.pem')));
    for (const { options } of opened) assert.ok(new X509Certificate(options.cert).verify(authority.publicKey));
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('race-')),
      [],
    );
  });

  test('a certificate is made anew a month before it expires', async () => {
    let now = Date.now();
    const renewing = await openLocalCertificates(
      path.join(folder, 'renew'),
      'hub.test',
      isTenantHost,
      () => new Date(now),
    );
    assert.equal(await renewing.refresh(), undefined);
    now += 59 * day;
    assert.equal(await renewing.refresh(), undefined);
    now += 2 * day;
    const renewed = await renewing.refresh();
    assert.ok(renewed && new X509Certificate(renewed.cert).validToDate.getTime() > now + 89 * day);
    assert.equal(await renewing.refresh(), undefined);
  });

  test('an expired or incomplete authority is told in one sentence', async () => {
    const late = () => new Date(Date.now() + 3651 * day);
    await assert.rejects(openLocalCertificates(place, 'hub.test', isTenantHost, late), {
      name: 'CertificateError',
      message: /^The certificate authority in .* has expired: restore the folder, or delete it/,
    });
    const half = path.join(folder, 'half');
    cpSync(place, half, { recursive: true });
    rmSync(path.join(half, 'ca-key.pem'));
    await assert.rejects(
      openLocalCertificates(half, 'hub.test', isTenantHost, () => new Date()),
      /is incomplete/,
    );
  });
});

describe('certificate files', async () => {
  const local = async (name: string) => {
    const made = await openLocalCertificates(path.join(folder, name), 'hub.test', isTenantHost, () => new Date());
    return { ...made.options, ca: readFileSync(made.authorityFile, 'utf8') };
  };
  const [first, second] = [await local('first'), await local('second')];
  const certificateFile = path.join(folder, 'server.pem');
  const keyFile = path.join(folder, 'server-key.pem');
  /** Gives the file another time, as writing it a second later would. */
  const put = (file: string, text: string, seconds: number) => {
    writeFileSync(file, text);
    utimesSync(file, seconds, seconds);
  };

  test('are used, and read again when both have changed', async () => {
    put(certificateFile, first.cert, 1);
    put(keyFile, first.key, 1);
    const certificates = await openCertificateFiles(certificateFile, keyFile);
    const server = await openTestHttp([], secure, { certificates });
    assert.equal((await server.ask('/healthz', { ca: first.ca, servername: 'hub.test' })).status, 200);

    assert.equal(await certificates.refresh(), undefined);
    put(certificateFile, second.cert, 2);
    await assert.rejects(
      certificates.refresh(),
      /are no certificate and its private key/,
      'the key is still the old one',
    );
    put(keyFile, second.key, 2);
    assert.deepEqual(await certificates.refresh(), { cert: second.cert, key: second.key });
    assert.equal(await certificates.refresh(), undefined);
  });

  test('that are missing or no PEM are told in one sentence that names the setting', async () => {
    await assert.rejects(openCertificateFiles('/nowhere.pem', keyFile), {
      name: 'CertificateError',
      message: '/nowhere.pem cannot be read (ENOENT): check COUNTERSIGN_TLS_CERTIFICATE_FILE.',
    });
    put(keyFile, 'no key', 3);
    await assert.rejects(
      openCertificateFiles(certificateFile, keyFile),
      /check COUNTERSIGN_TLS_CERTIFICATE_FILE and COUNTERSIGN_TLS_KEY_FILE; the key must have no password\.$/,
    );
  });
});

test('RFC 8996: TLS 1.1 is refused', async () => {
  const certificates = await openLocalCertificates(
    path.join(folder, 'local'),
    'hub.test',
    isTenantHost,
    () => new Date(),
  );
  const server = await openTestHttp([], secure, { certificates });
  const ca = readFileSync(certificates.authorityFile, 'utf8');
  const old = { ca, servername: 'hub.test', minVersion: 'TLSv1', maxVersion: 'TLSv1.1' } as const;
  await assert.rejects(server.ask('/healthz', old), { code: /ERR_SSL/ });
});

test('what is no TLS, and a handshake that never ends, only end their own connection', async () => {
  const certificates = await openLocalCertificates(
    path.join(folder, 'local'),
    'hub.test',
    isTenantHost,
    () => new Date(),
  );
  const server = await openTestHttp([], secure, { certificates, limits: { handshakeTime: 50 } });
  assert.equal(await server.askRaw('GET /healthz HTTP/1.1\r\nHost: hub.test\r\n\r\n'), '');
  assert.equal(await server.askRaw('\x16\x03\x01'), '');
  const ca = readFileSync(certificates.authorityFile, 'utf8');
  assert.equal((await server.ask('/healthz', { ca, servername: 'hub.test' })).status, 200);
});
