/** emailProtection, without which poppler trusts no signer (NSS has no other usage for it); document signing (RFC 9336). */
const SIGNER_PURPOSES = 'emailProtection,1.3.6.1.5.5.7.3.36';

/** The file that tells openssl's `req`, `ca`, `ocsp` and `ts` who is who; the certificates point at the server at `url`. */
export function configuration(folder: string, url: string): string {
  const authority = (name: string): string => `
[${name}]
database = ${folder}/${name}.index
new_certs_dir = ${folder}
certificate = ${folder}/${name}.pem
private_key = ${folder}/${name}.key
rand_serial = yes
unique_subject = no
default_md = sha256
default_days = 365
default_crl_days = 7
crl_extensions = crl
policy = any_name
copy_extensions = none
`;
  const points = (issuer: string, ocsp: boolean): string => `
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
crlDistributionPoints = URI:${url}/${issuer}.crl
authorityInfoAccess = ${ocsp ? `OCSP;URI:${url}/ocsp,` : ''}caIssuers;URI:${url}/${issuer}.crt`;

  return `
[req]
distinguished_name = name
string_mask = utf8only
[name]
${authority('root')}${authority('issuing')}
[any_name]
countryName = optional
organizationName = optional
commonName = supplied
[crl]
authorityKeyIdentifier = keyid:always

[authority]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
${points('root', false)}
[signer]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = ${SIGNER_PURPOSES}
${points('issuing', true)}
[stranger]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature,nonRepudiation
extendedKeyUsage = ${SIGNER_PURPOSES}
subjectKeyIdentifier = hash
[tsa_certificate]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
${points('issuing', true)}
[ocsp_certificate]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = OCSPSigning
noCheck = yes
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[root_certificate]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash

[tsa]
serial = ${folder}/tsa.serial
signer_cert = ${folder}/tsa.pem
certs = ${folder}/issuing.pem
signer_key = ${folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha384, sha512, sha3-256, sha3-384, sha3-512
accuracy = secs:1
tsa_name = no
ess_cert_id_chain = no
ess_cert_id_alg = sha256
`;
}
