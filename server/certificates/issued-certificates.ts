import type { Store } from '../storage/ports.ts';
import { entryByFingerprint } from './get-certificate.ts';
import { type CertificateEntry, certificateRegister, everyEntry } from './register.ts';
import type { CertificateStatus } from './schema.ts';
import { statusAt } from './status.ts';

/** The register as the usage report reads it. */
export function issuedCertificates(store: Store): {
  all(): AsyncGenerator<ReturnType<typeof issuedCertificate>>;
  byFingerprint(fingerprint: string): Promise<ReturnType<typeof issuedCertificate> | undefined>;
} {
  return {
    async *all() {
      for await (const entry of everyEntry(await certificateRegister(store))) {
        yield issuedCertificate(entry);
      }
    },
    async byFingerprint(fingerprint) {
      const entry = await entryByFingerprint({ store }, fingerprint);
      return entry && issuedCertificate(entry);
    },
  };
}

const issuedCertificate = (entry: CertificateEntry) => ({
  ...entry,
  statusAt: (at: Date): CertificateStatus => statusAt(entry, at),
});
