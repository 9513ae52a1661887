import { parseSignedData } from '../../../server/cms/parse-signed-data.ts';
import type { SignerInfo } from '../../../server/cms/parse-signer-info.ts';
import { parseTstInfo } from '../../../server/cms/parse-tst-info.ts';
import { contentOf, verifySignerInfo } from '../../../server/cms/verify-signer-info.ts';
import { type Certificate, parseCertificate } from '../../../server/pki/certificate.ts';
import type { SeedFile } from '../fuzz-case.ts';
import { guarded } from './problem.ts';

const CMS = ['cms'];
const PKI = ['pki'];
/** Content that nobody signed. */
const CONTENT = contentOf(Buffer.from('nobody signed this'));
const SIGNERS = 20;

/** Reads the bytes as SignedData and asks for the facts of every signer with every certificate inside. */
export function cmsChecker(seeds: readonly SeedFile[]): (bytes: Buffer) => string | undefined {
  const signed = new Set(
    seeds.flatMap(
      ({ bytes }) => guarded(CMS, () => parseSignedData(bytes))?.signerInfos.map(attributesOf) ?? [],
    ),
  );
  return (bytes) => {
    const data = guarded(CMS, () => parseSignedData(bytes));
    if (!data) return undefined;
    const { content } = data.encapsulated;
    if (content) guarded(CMS, () => parseTstInfo(content));
    const certificates = data.certificates
      .slice(0, SIGNERS)
      .flatMap((der) => guarded(PKI, () => parseCertificate(der)) ?? []);
    for (const signer of data.signerInfos.slice(0, SIGNERS)) {
      for (const certificate of certificates) {
        const problem = forged(signer, certificate, signed);
        if (problem) return problem;
      }
    }
    return undefined;
  };
}

const attributesOf = ({ signedAttributes }: SignerInfo): string =>
  Buffer.from(signedAttributes?.der ?? []).toString('latin1');

function forged(
  signer: SignerInfo,
  certificate: Certificate,
  signed: ReadonlySet<string>,
): string | undefined {
  const publicKey = guarded(PKI, () => certificate.publicKey);
  if (!publicKey) return undefined;
  const facts = guarded(['cms', 'pki'], () =>
    verifySignerInfo(signer, CONTENT, { der: certificate.der, publicKey }),
  );
  if (!facts?.signatureValid) return undefined;
  if (facts.messageDigestMatches) return 'a signature is right over content nobody signed';
  return signed.has(attributesOf(signer)) ? undefined : 'attributes nobody signed are verified';
}
