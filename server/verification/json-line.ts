import type { VerificationReport } from './report.ts';

/** The line that `anso verify --json` prints for a file: the stable part of a report, for programs. */
export function jsonLine(file: string, report: VerificationReport): string {
  const { verdict, documentIntegrity, code, signatures } = report;
  return JSON.stringify({
    file,
    verdict,
    documentIntegrity,
    code,
    signatures: signatures.map((s) => ({
      field: s.field,
      kind: s.kind,
      integrity: s.integrity,
      coverage: s.coverage,
      modifications: s.modifications,
      permitted: s.permitted,
      trust: s.trust,
      indication: s.indication,
      subIndication: s.subIndication,
      level: s.level,
      signer: s.signer,
      issuer: s.issuer,
      signingTime: s.signingTime,
    })),
  });
}
