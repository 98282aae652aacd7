import { X509Certificate } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { CertificateError, openCertificateFiles } from '../../http/index.ts';
import type { Settings } from '../../settings/index.ts';
import { type Finding, ok, problem, warning } from './finding.ts';

const day = 86_400_000;

/** The certificate that clients see, or the authority that signs it. */
export async function examineCertificate({ tls, dataFolder, publicUrl }: Settings, now: Date): Promise<Finding[]> {
  if (tls.mode === 'proxy') return [ok('The proxy’s.')];
  if (tls.mode === 'local') {
    const file = path.join(dataFolder, 'tls/ca.pem');
    if (!existsSync(file)) return [ok('The first start makes a local authority.')];
    return [examineEnd(readFileSync(file, 'utf8'), `The local authority ${file}`, now)];
  }
  try {
    await openCertificateFiles(tls.certificateFile, tls.keyFile);
  } catch (error) {
    if (error instanceof CertificateError) return [problem(error.message)];
    throw error;
  }
  const pem = readFileSync(tls.certificateFile, 'utf8');
  const findings = [examineEnd(pem, `The certificate ${tls.certificateFile}`, now)];
  if (new X509Certificate(pem).checkHost(publicUrl.hostname) === undefined) {
    findings.push(
      problem(`The certificate is not for ${publicUrl.hostname}, the host of COUNTERSIGN_PUBLIC_URL: get one that is.`),
    );
  }
  return findings;
}

function examineEnd(pem: string, what: string, now: Date): Finding {
  const end = new Date(new X509Certificate(pem).validTo);
  const days = Math.floor((end.getTime() - now.getTime()) / day);
  const text = `${what} is valid until ${end.toISOString()}`;
  if (days < 0) return problem(`${text}: it has expired, so clients refuse it. Replace it.`);
  return days < 14 ? warning(`${text}, for ${days} more days: replace it.`) : ok(`${text}.`);
}
