import { X509Certificate } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import { createSecureContext } from 'node:tls';
import { environmentName } from '../../settings/index.ts';
import { CertificateError, type Certificates, type KeyAndChain } from './certificates.ts';

/**
 * Certificates from the administrator's files, read again when one of them changes. While the two do not fit together, as
 * between the writing of one and of the other, the last good pair stays in use.
 *
 * @throws CertificateError when the files cannot be read or do not fit
 */
export async function openCertificateFiles(certificateFile: string, keyFile: string): Promise<Certificates> {
  const files = { certificateFile, keyFile };
  let seen = await stateOf(files);
  return {
    options: await load(files),
    async refresh() {
      const state = await stateOf(files);
      if (state === seen) return undefined;
      const loaded = await load(files);
      seen = state;
      return loaded;
    },
  };
}

type Files = Record<'certificateFile' | 'keyFile', string>;

const settingOf = {
  certificateFile: environmentName('tlsCertificateFile'),
  keyFile: environmentName('tlsKeyFile'),
};

async function load(files: Files): Promise<KeyAndChain> {
  const cert = await read(files, 'certificateFile');
  const key = await read(files, 'keyFile');
  try {
    createSecureContext({ cert, key });
  } catch (error) {
    const reason = `${files.certificateFile} and ${files.keyFile} are no certificate and its private key in PEM`;
    const advice = `check ${settingOf.certificateFile} and ${settingOf.keyFile}; the key must have no password`;
    throw new CertificateError(`${reason}: ${advice}.`, { cause: error });
  }
  if (new X509Certificate(cert).validToDate.getTime() < Date.now()) {
    throw new CertificateError(`The certificate in ${files.certificateFile} has expired: put a new one there.`);
  }
  return { cert, key };
}

async function read(files: Files, which: keyof Files): Promise<string> {
  try {
    return await readFile(files[which], 'utf8');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : error;
    throw new CertificateError(`${files[which]} cannot be read (${code}): check ${settingOf[which]}.`, {
      cause: error,
    });
  }
}

/** Changes whenever one of the files is written or replaced. */
async function stateOf(files: Files): Promise<string> {
  const states = Object.values(files).map(async (file) => {
    const { ino, size, mtimeMs } = await stat(file).catch(() => ({ ino: 0, size: 0, mtimeMs: 0 }));
    return `${ino} ${size} ${mtimeMs}`;
  });
  return (await Promise.all(states)).join();
}
