import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { listSignatures } from '../../server/pdf/signatures/list-signatures.ts';
import { makePkcs12 } from '../../test/signing/make-pkcs12.ts';
import { certificateChecker } from './check/check-certificates.ts';
import { cmsChecker } from './check/check-cms.ts';
import { checkDer } from './check/check-der.ts';
import { evidenceChecker } from './check/check-evidence.ts';
import { checkPdf } from './check/check-pdf.ts';
import { pkcs12Checker } from './check/check-pkcs12.ts';
import { signingChecker } from './check/check-signing.ts';
import { verificationChecker } from './check/check-verification.ts';
import { guarded } from './check/problem.ts';
import type { SeedFile, Target } from './fuzz-case.ts';
import { byteMutations } from './mutate/bytes.ts';
import { derMutations } from './mutate/der.ts';
import { revisionMutations } from './mutate/pdf-revision.ts';
import { pdfTextMutations } from './mutate/pdf-text.ts';
import { contentsMutations } from './mutate/signed-contents.ts';
import { Random } from './random.ts';
import { corpusFiles } from './seeds/corpora.ts';
import { ownDocuments } from './seeds/documents.ts';
import { evidenceSeeds } from './seeds/evidence.ts';
import { office, officeTrust, providerOf } from './seeds/office.ts';

export const targetNames = ['pdf', 'der', 'cms', 'crl', 'evidence', 'p12', 'verify', 'sign'] as const;
export type TargetName = (typeof targetNames)[number];

const PASSPHRASE = 'Mật khẩu 123';

/** All targets with their files; `corpora` is the folder with files of others, which need not be there. */
export async function makeTargets(corpora: string): Promise<ReadonlyMap<string, Target>> {
  const own = await ownDocuments();
  const theirs = corpusFiles(corpora, 'signed', ['.pdf']);
  const signed = balanced(own.signed, theirs);
  const pdfs = balanced(
    [...own.unsigned, ...own.signed],
    [...theirs, ...corpusFiles(corpora, 'robustness', ['.pdf'])],
  );
  const certificates = balanced(identityFiles(), corpusFiles(corpora, 'pkits', ['.crt', '.crl']));
  const cms = signed.flatMap(signatureValues);
  const p12 = pkcs12Files();
  const der = [...byteMutations, ...derMutations, ...derMutations];
  const pdf = [...byteMutations, ...pdfTextMutations, ...revisionMutations];
  const trust = officeTrust();
  const targets: readonly Target[] = [
    { name: 'pdf', seeds: pdfs, mutations: pdf, check: checkPdf },
    { name: 'der', seeds: [...certificates, ...cms, ...p12], mutations: der, check: checkDer },
    { name: 'cms', seeds: cms, mutations: der, check: cmsChecker(cms) },
    { name: 'crl', seeds: certificates, mutations: der, check: certificateChecker(certificates) },
    { name: 'evidence', seeds: evidenceSeeds, mutations: der, check: evidenceChecker(evidenceSeeds) },
    { name: 'p12', seeds: p12, mutations: der, check: pkcs12Checker(PASSPHRASE, [PASSPHRASE]) },
    {
      name: 'verify',
      seeds: signed,
      mutations: [...pdf, ...revisionMutations, ...contentsMutations],
      check: verificationChecker(signed, trust),
    },
    { name: 'sign', seeds: pdfs, mutations: pdf, check: signingChecker(providerOf(office.leader), trust) },
  ];
  return new Map(targets.map((target) => [target.name, target]));
}

/** Our own files as often as all those of others together: they are small, and more is known of them. */
const balanced = (own: readonly SeedFile[], theirs: readonly SeedFile[]): SeedFile[] => [
  ...Array.from({ length: Math.max(1, Math.round(theirs.length / own.length)) }, () => own).flat(),
  ...theirs,
];

const identityFiles = (): SeedFile[] => [
  ...[office.root, office.leader, office.agency].map(({ subject, der }) => ({
    name: subject,
    bytes: Buffer.from(der),
  })),
  { name: 'crl', bytes: Buffer.from(office.crl) },
];

/** The CMS of each signature without the zeros behind it. */
const signatureValues = ({ name, bytes }: SeedFile): SeedFile[] =>
  (guarded(['pdf'], () => listSignatures(openPdf(bytesSource(bytes)))) ?? []).map(({ contents }, i) => ({
    name: `${name} #${i + 1}`,
    bytes: Buffer.from(
      contents.subarray(
        0,
        contents[1] === 0x82 ? ((contents[2] ?? 0) << 8) + (contents[3] ?? 0) + 4 : contents.length,
      ),
    ),
  }));

function pkcs12Files(): SeedFile[] {
  const random = new Random('salts');
  const parts = {
    keys: [office.leader],
    certificates: [office.leader, office.root],
    random: (length: number) => random.bytes(length),
  };
  return [
    { name: 'p12', bytes: makePkcs12(parts, PASSPHRASE) },
    { name: 'p12 with PBMAC1', bytes: makePkcs12({ ...parts, pbmac1: true }, PASSPHRASE) },
    {
      name: 'p12 of two keys',
      bytes: makePkcs12({ ...parts, keys: [office.leader, office.agency] }, PASSPHRASE),
    },
  ];
}
