import { createPrivateKey, sign, verify } from 'node:crypto';
import { createRequire } from 'node:module';
import { checkAssertion, checkResponse, verifyResponse } from '@countersign/saml';
import { defaultSignatureAlgorithms, parseXml, writeXml } from '@countersign/xml';
import { SAML, ValidateInResponseTo } from '@node-saml/node-saml';
import { type ClientCertificate, makeCertificate } from '../../e2e/peers/certificate.ts';
import type { LoadResult } from './load.ts';
import { printProgress, type Row } from './report.ts';
import { type Answering, answerOf, digest, signerOf, verificationKeyOf } from './saml-parties.ts';

/** What is used of samlify. Its own types bring those of browsers, which would then be everywhere. */
interface Samlify {
  SamlLib: {
    constructSAMLSignature(options: object): string;
    verifySignature(xml: string, options: object): [boolean, string | null];
  };
}
const { SamlLib }: Samlify = createRequire(import.meta.url)('samlify');

const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const transforms = ['http://www.w3.org/2000/09/xmldsig#enveloped-signature', 'http://www.w3.org/2001/10/xml-exc-c14n#'];
const assertionPath = "/*[local-name(.)='Response']/*[local-name(.)='Assertion']";

const answering: Answering = {
  issuer: 'https://idp.bench.example',
  audience: 'https://sp.bench.example',
  recipient: 'https://sp.bench.example/acs',
  inResponseTo: '_request',
  subject: 'marge',
  groups: 25,
};

/**
 * Responses of about 5 KB, one core, in this process: issued and verified by our packages, next to the bare RSA operation,
 * node-saml and samlify, which both build on xml-crypto.
 */
export async function measureAssertions(count: number): Promise<Row[]> {
  const certificate = await makeCertificate();
  const response = await answerOf(answering, signerOf(certificate));
  const signed = writeXml(response);
  const unsigned = signed.replace(/<ds:Signature .*<\/ds:Signature>/s, '');
  console.error(`a response has ${signed.length} characters, ${unsigned.length} without its signature`);
  const rows: Row[] = [];
  for (const [what, engine, work] of works(certificate, signed, unsigned)) {
    // V8 needs some hundred rounds until it has compiled what runs often, as it has in a hub that runs for a while.
    for (let warm = 0; warm < count; warm++) await work();
    const row = { what, engine, ...(await repeated(count, work)) };
    printProgress(row);
    rows.push(row);
  }
  return rows;
}

type Work = [what: string, engine: string, work: () => unknown];

function works(certificate: ClientCertificate, signed: string, unsigned: string): Work[] {
  const { privateKeyPem, certificatePem, registered, publicKey } = certificate;
  const [signer, key] = [signerOf(certificate), verificationKeyOf(certificate)];
  const privateKey = createPrivateKey(privateKeyPem);
  const data = Buffer.from('The digest is made of more; RSA sees as much as this.');
  const signature = sign('sha256', data, privateKey);
  const provider = new SAML({
    callbackUrl: answering.recipient,
    entryPoint: 'https://idp.bench.example/sso',
    issuer: answering.audience,
    audience: answering.audience,
    idpCert: certificatePem,
    wantAuthnResponseSigned: false,
    validateInResponseTo: ValidateInResponseTo.never,
  });
  const SAMLResponse = Buffer.from(signed).toString('base64');
  return [
    ['sign: RSA-2048 alone', 'node:crypto', () => sign('sha256', data, privateKey)],
    ['issue a signed response', 'Countersign', async () => writeXml(await answerOf(answering, signer))],
    ['sign the same response', 'samlify', () => signBySamlify(unsigned, privateKeyPem, registered)],
    ['verify: RSA-2048 alone', 'node:crypto', () => verify('sha256', data, publicKey, signature)],
    ['verify and check a response', 'Countersign', () => verifyOurs(signed, key)],
    ['verify and check the same response', 'node-saml', () => provider.validatePostResponseAsync({ SAMLResponse })],
    ['verify the same response', 'samlify', () => verifyBySamlify(signed, registered)],
  ];
}

async function verifyOurs(text: string, key: ReturnType<typeof verificationKeyOf>): Promise<void> {
  const { issuer, audience, recipient, inResponseTo } = answering;
  const trust = { signatures: { keys: [key], algorithms: defaultSignatureAlgorithms }, signed: 'assertion' } as const;
  const cipher = {
    encrypt: () => {
      throw new Error('Nothing is encrypted.');
    },
    decrypt: () => {
      throw new Error('Nothing is encrypted.');
    },
  };
  const verified = await verifyResponse(parseXml(text), trust, { digest, cipher });
  const clock = { now: new Date(), clockSkewSeconds: 60 };
  const { response, assertion, isResponseSigned: isSigned } = verified;
  checkResponse(response, { issuer, destinations: [recipient], isSigned, inResponseTo, ...clock });
  if (!assertion) throw new Error('The response has no assertion.');
  checkAssertion(assertion, { issuer, audience, recipient, inResponseTo, ...clock });
}

function signBySamlify(rawSamlMessage: string, privateKey: string, signingCert: string): string {
  return SamlLib.constructSAMLSignature({
    rawSamlMessage,
    referenceTagXPath: assertionPath,
    privateKey,
    signingCert,
    signatureAlgorithm: rsaSha256,
    transformationAlgorithms: transforms,
    isBase64Output: false,
    signatureConfig: { location: { reference: `${assertionPath}/*[local-name(.)='Issuer']`, action: 'after' } },
  });
}

function verifyBySamlify(text: string, certificate: string): void {
  const metadata = { getX509Certificate: () => certificate };
  const [isVerified] = SamlLib.verifySignature(text, { metadata, signatureAlgorithm: rsaSha256 });
  if (!isVerified) throw new Error('samlify did not verify the response.');
}

/** The work again and again, one after the other. */
export async function repeated(count: number, work: () => unknown): Promise<LoadResult> {
  const durations = new Float64Array(count);
  const usedBefore = process.cpuUsage();
  const startedAt = performance.now();
  for (let index = 0; index < count; index++) {
    const begunAt = performance.now();
    await work();
    durations[index] = performance.now() - begunAt;
  }
  const seconds = (performance.now() - startedAt) / 1000;
  const { user, system } = process.cpuUsage(usedBefore);
  durations.sort();
  const quantile = (part: number) => durations[Math.min(count - 1, Math.floor(count * part))] ?? 0;
  const cpu = (user + system) / 1000 / count;
  return { perSecond: count / seconds, median: quantile(0.5), p99: quantile(0.99), largest: quantile(1), cpu, count };
}
