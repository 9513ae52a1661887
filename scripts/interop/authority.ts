import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configuration } from './openssl-configuration.ts';
import { mustRun, runTool } from './run-tool.ts';

/** How openssl makes a key: the arguments of `genpkey`. */
export type KeyRecipe = readonly string[];

export interface SignerFiles {
  readonly certificate: string;
  /** PKCS#8, PEM. */
  readonly key: string;
  /** PKCS#12 with key, certificate and issuers. */
  readonly p12: string;
}

export type AuthorityName = 'root' | 'issuing';

const P256: KeyRecipe = ['-algorithm', 'EC', '-pkeyopt', 'ec_paramgen_curve:P-256'];
const RSA: KeyRecipe = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:3072'];

/** Opens every PKCS#12 file of a run: nothing in them outlives it. */
export const passphrase = 'interop';

/**
 * A PKI for one run, made by openssl and not by the product, so that nothing of the code under test vouches for itself:
 * a root, an issuing authority, a time-stamp authority and an OCSP responder. Certificates point at `url`.
 */
export class Authority {
  readonly folder: string;
  readonly #configuration: string;

  private constructor(folder: string) {
    this.folder = folder;
    this.#configuration = this.path('openssl.cnf');
  }

  static async make(folder: string, url: string): Promise<Authority> {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const authority = new Authority(folder);
    await writeFile(authority.#configuration, configuration(folder, url));
    for (const name of ['root', 'issuing']) await writeFile(authority.path(`${name}.index`), '');
    await writeFile(authority.path('tsa.serial'), '01\n');
    await authority.#request('root', P256, 'Interop Root');
    await authority.#issue('root', 'root', 'root_certificate', ['-selfsign']);
    await authority.#request('issuing', P256, 'Interop Issuing Authority');
    await authority.#issue('root', 'issuing', 'authority');
    await authority.#request('tsa', RSA, 'Interop Time Stamping');
    await authority.#issue('issuing', 'tsa', 'tsa_certificate');
    await authority.#request('ocsp', P256, 'Interop OCSP');
    await authority.#issue('issuing', 'ocsp', 'ocsp_certificate');
    return authority;
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  get root(): string {
    return this.path('root.pem');
  }

  get issuing(): string {
    return this.path('issuing.pem');
  }

  /** A certificate that may sign documents; `name` is of files, so it has none but plain characters. */
  async signer(name: string, commonName: string, recipe: KeyRecipe): Promise<SignerFiles> {
    await this.#request(name, recipe, commonName);
    await this.#issue('issuing', name, 'signer');
    const issuers = this.path('issuers.pem');
    await writeFile(issuers, (await readFile(this.issuing, 'utf8')) + (await readFile(this.root, 'utf8')));
    return this.#withPkcs12(this.#filesOf(name), issuers);
  }

  /** Somebody with a certificate from nowhere. */
  async stranger(name: string, commonName: string, recipe: KeyRecipe): Promise<SignerFiles> {
    await this.#request(name, recipe, commonName);
    const files = this.#filesOf(name);
    await mustRun('openssl', [
      ...['x509', '-req', '-days', '365', '-signkey', files.key, '-in', this.path(`${name}.csr`)],
      ...['-extfile', this.#configuration, '-extensions', 'stranger', '-out', files.certificate],
    ]);
    return this.#withPkcs12(files, files.certificate);
  }

  /** A list as of now. DER. */
  async crl(name: AuthorityName): Promise<Buffer> {
    const pem = await mustRun('openssl', [
      ...['ca', '-config', this.#configuration, '-name', name, '-gencrl'],
    ]);
    return derOf(pem);
  }

  /** What the OCSP responder says to a request. DER. */
  async ocsp(request: Uint8Array, unique: string): Promise<Buffer> {
    const [asked, answered] = [this.path(`${unique}.ocsp-request`), this.path(`${unique}.ocsp-response`)];
    await writeFile(asked, request);
    await mustRun('openssl', [
      ...['ocsp', '-index', this.path('issuing.index'), '-CA', this.issuing, '-rmd', 'sha256'],
      ...['-rsigner', this.path('ocsp.pem'), '-rkey', this.path('ocsp.key'), '-nmin', '60'],
      ...['-reqin', asked, '-respout', answered],
    ]);
    return readFile(answered);
  }

  /** What the time-stamp authority says to a request. DER. */
  async timeStamp(request: Uint8Array, unique: string): Promise<Buffer> {
    const asked = this.path(`${unique}.tsq`);
    await writeFile(asked, request);
    const answered = this.path(`${unique}.tsr`);
    // A request that is refused is an answer, too, whatever the status says.
    await runTool('openssl', [
      ...['ts', '-reply', '-config', this.#configuration, '-section', 'tsa'],
      ...['-queryfile', asked, '-out', answered],
    ]);
    return readFile(answered);
  }

  #filesOf(name: string): SignerFiles {
    return {
      certificate: this.path(`${name}.pem`),
      key: this.path(`${name}.key`),
      p12: this.path(`${name}.p12`),
    };
  }

  async #withPkcs12(files: SignerFiles, issuers: string): Promise<SignerFiles> {
    await mustRun('openssl', [
      ...['pkcs12', '-export', '-inkey', files.key, '-in', files.certificate, '-certfile', issuers],
      ...['-passout', `pass:${passphrase}`, '-out', files.p12],
    ]);
    return files;
  }

  async #request(name: string, recipe: KeyRecipe, commonName: string): Promise<void> {
    const key = this.path(`${name}.key`);
    await mustRun('openssl', ['genpkey', ...recipe, '-out', key]);
    await mustRun('openssl', [
      ...['req', '-new', '-utf8', '-config', this.#configuration, '-key', key],
      ...['-subj', `/C=VN/O=Interop/CN=${commonName}`, '-out', this.path(`${name}.csr`)],
    ]);
  }

  async #issue(
    by: AuthorityName,
    name: string,
    extensions: string,
    more: readonly string[] = [],
  ): Promise<void> {
    await mustRun('openssl', [
      ...['ca', '-batch', '-notext', '-utf8', '-config', this.#configuration, '-name', by],
      ...['-extensions', extensions, ...more],
      ...['-in', this.path(`${name}.csr`), '-out', this.path(`${name}.pem`)],
    ]);
  }
}

/** The bytes of a PEM file's only block. */
export function derOf(pem: string): Buffer {
  const [, base64 = ''] = /-----BEGIN [^-]+-----([^-]+)-----END/.exec(pem) ?? [];
  return Buffer.from(base64, 'base64');
}
