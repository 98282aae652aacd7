import { randomUUID, X509Certificate } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import path from 'node:path';
import { CertificateError, type KeyAndChain } from './certificates.ts';

/** A certificate is made anew this long before it expires, in milliseconds: a third of its life. */
const renewalTime = 30 * 86_400_000;

/**
 * The certificate authority in a folder: `ca.pem`, which clients trust, `ca-key.pem`, and the certificates that were made
 * with it. Several processes may use the same folder.
 */
export class LocalAuthority {
  readonly #folder: string;
  readonly #own: KeyAndChain;
  readonly #certificate: X509Certificate;

  private constructor(folder: string, own: KeyAndChain, certificate: X509Certificate) {
    this.#folder = folder;
    this.#own = own;
    this.#certificate = certificate;
  }

  /**
   * Opens the folder's authority, or makes one.
   *
   * @throws CertificateError when half of it is missing or it has expired
   */
  static async open(folder: string, now: Date): Promise<LocalAuthority> {
    if (!existsSync(folder)) await makeFolder(folder, now);
    const cert = await read(path.join(folder, 'ca.pem'));
    const key = await read(path.join(folder, 'ca-key.pem'));
    const certificate = parse(cert);
    const isWhole = certificate !== undefined && key !== '';
    if (!isWhole || certificate.validToDate < now) {
      const problem = isWhole ? 'has expired' : 'is incomplete';
      throw new CertificateError(
        `The certificate authority in ${folder} ${problem}: restore the folder, or delete it to get a new one, which clients must then trust.`,
      );
    }
    return new LocalAuthority(folder, { cert, key }, certificate);
  }

  /** What clients must trust. */
  get file(): string {
    return path.join(this.#folder, 'ca.pem');
  }

  /**
   * A certificate for these names that is good for a while: the one that was made before, or a new one.
   *
   * @param place  name of its file below the folder, without `.pem`
   */
  async certificateFor(place: string, names: readonly string[], now: Date): Promise<KeyAndChain & { renewAt: Date }> {
    const file = path.join(this.#folder, `${place}.pem`);
    const kept = await read(file);
    const keptUntil = this.#goodUntil(kept, names);
    if (keptUntil && keptUntil > now) return { key: kept, cert: kept, renewAt: keptUntil };

    const { mintCertificate } = await import('./mint.ts');
    const { key, cert } = await mintCertificate(this.#own, names, now);
    await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
    const unfinished = `${file}.${randomUUID()}`;
    await writeFile(unfinished, `${key}${cert}`, { mode: 0o600 });
    await rename(unfinished, file);
    return { key, cert, renewAt: this.#goodUntil(cert, names) ?? now };
  }

  /** When the certificate must be made anew; undefined when it is for other names or of another authority. */
  #goodUntil(pem: string, names: readonly string[]): Date | undefined {
    const certificate = parse(pem);
    if (!certificate?.checkIssued(this.#certificate) || !certificate.verify(this.#certificate.publicKey))
      return undefined;
    const covers = (name: string) => (isIP(name) ? certificate.checkIP(name) : certificate.checkHost(name));
    return names.every(covers) ? new Date(certificate.validToDate.getTime() - renewalTime) : undefined;
  }
}

/** Makes the whole folder under another name first, so that of two processes one makes it and the other finds it. */
async function makeFolder(folder: string, now: Date): Promise<void> {
  const { mintAuthority } = await import('./mint.ts');
  const { cert, key } = await mintAuthority(`Countersign local authority ${now.toISOString().slice(0, 10)}`, now);
  const unfinished = await mkdtemp(`${folder}-`);
  await writeFile(path.join(unfinished, 'ca.pem'), `${cert}\n`, { mode: 0o644 });
  await writeFile(path.join(unfinished, 'ca-key.pem'), key, { mode: 0o600 });
  try {
    await rename(unfinished, folder);
  } catch (error) {
    await rm(unfinished, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}

async function read(file: string): Promise<string> {
  return readFile(file, 'utf8').catch(() => '');
}

function parse(pem: string): X509Certificate | undefined {
  try {
    return new X509Certificate(pem);
  } catch {
    return undefined;
  }
}
