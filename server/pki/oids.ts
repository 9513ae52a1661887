/** Object identifiers of RFC 5280, RFC 8017, RFC 5758, RFC 8410 and FIPS 202 that this package acts on. */

export const AttributeType = {
  commonName: '2.5.4.3',
  surname: '2.5.4.4',
  serialNumber: '2.5.4.5',
  country: '2.5.4.6',
  locality: '2.5.4.7',
  stateOrProvince: '2.5.4.8',
  street: '2.5.4.9',
  organization: '2.5.4.10',
  organizationalUnit: '2.5.4.11',
  title: '2.5.4.12',
  givenName: '2.5.4.42',
  organizationIdentifier: '2.5.4.97',
  userId: '0.9.2342.19200300.100.1.1',
  domainComponent: '0.9.2342.19200300.100.1.25',
  emailAddress: '1.2.840.113549.1.9.1',
} as const;

export interface AttributeLabel {
  /** The keyword of RFC 4514 section 3 or the one in common use. */
  readonly keyword: string;
  readonly vi: string;
  readonly en: string;
}

/** How an attribute of a name is written and what it is called on a screen. */
export const attributeLabels: Readonly<Record<string, AttributeLabel>> = {
  [AttributeType.commonName]: { keyword: 'CN', vi: 'Tên', en: 'Common name' },
  [AttributeType.surname]: { keyword: 'SN', vi: 'Họ', en: 'Surname' },
  [AttributeType.serialNumber]: { keyword: 'SERIALNUMBER', vi: 'Số định danh', en: 'Serial number' },
  [AttributeType.country]: { keyword: 'C', vi: 'Quốc gia', en: 'Country' },
  [AttributeType.locality]: { keyword: 'L', vi: 'Địa phương', en: 'Locality' },
  [AttributeType.stateOrProvince]: { keyword: 'ST', vi: 'Tỉnh, thành phố', en: 'State or province' },
  [AttributeType.street]: { keyword: 'STREET', vi: 'Địa chỉ', en: 'Street' },
  [AttributeType.organization]: { keyword: 'O', vi: 'Cơ quan, tổ chức', en: 'Organization' },
  [AttributeType.organizationalUnit]: { keyword: 'OU', vi: 'Đơn vị', en: 'Organizational unit' },
  [AttributeType.title]: { keyword: 'T', vi: 'Chức vụ', en: 'Title' },
  [AttributeType.givenName]: { keyword: 'GN', vi: 'Tên riêng', en: 'Given name' },
  [AttributeType.organizationIdentifier]: {
    keyword: 'organizationIdentifier',
    vi: 'Mã định danh tổ chức',
    en: 'Organization identifier',
  },
  [AttributeType.userId]: { keyword: 'UID', vi: 'Mã định danh', en: 'Identifier' },
  [AttributeType.domainComponent]: { keyword: 'DC', vi: 'Thành phần tên miền', en: 'Domain component' },
  [AttributeType.emailAddress]: { keyword: 'E', vi: 'Thư điện tử', en: 'E-mail address' },
};

export const ExtensionType = {
  subjectKeyIdentifier: '2.5.29.14',
  keyUsage: '2.5.29.15',
  subjectAltName: '2.5.29.17',
  issuerAltName: '2.5.29.18',
  basicConstraints: '2.5.29.19',
  crlNumber: '2.5.29.20',
  reasonCode: '2.5.29.21',
  invalidityDate: '2.5.29.24',
  deltaCrlIndicator: '2.5.29.27',
  issuingDistributionPoint: '2.5.29.28',
  certificateIssuer: '2.5.29.29',
  nameConstraints: '2.5.29.30',
  crlDistributionPoints: '2.5.29.31',
  certificatePolicies: '2.5.29.32',
  policyMappings: '2.5.29.33',
  authorityKeyIdentifier: '2.5.29.35',
  policyConstraints: '2.5.29.36',
  extendedKeyUsage: '2.5.29.37',
  freshestCrl: '2.5.29.46',
  inhibitAnyPolicy: '2.5.29.54',
  authorityInfoAccess: '1.3.6.1.5.5.7.1.1',
  qcStatements: '1.3.6.1.5.5.7.1.3',
  subjectInfoAccess: '1.3.6.1.5.5.7.1.11',
  ocspNonce: '1.3.6.1.5.5.7.48.1.2',
  ocspNoCheck: '1.3.6.1.5.5.7.48.1.5',
  ocspArchiveCutoff: '1.3.6.1.5.5.7.48.1.6',
} as const;

export const anyPolicy = '2.5.29.32.0';

export const ExtendedKeyUsage = {
  any: '2.5.29.37.0',
  serverAuth: '1.3.6.1.5.5.7.3.1',
  clientAuth: '1.3.6.1.5.5.7.3.2',
  codeSigning: '1.3.6.1.5.5.7.3.3',
  emailProtection: '1.3.6.1.5.5.7.3.4',
  timeStamping: '1.3.6.1.5.5.7.3.8',
  ocspSigning: '1.3.6.1.5.5.7.3.9',
  documentSigning: '1.3.6.1.5.5.7.3.36',
  microsoftDocumentSigning: '1.3.6.1.4.1.311.10.3.12',
  adobeAuthenticDocuments: '1.2.840.113583.1.1.5',
} as const;

/** id-pkix-ocsp-basic (RFC 6960 4.2.1), the one type of OCSP response in use. */
export const basicOcspResponse = '1.3.6.1.5.5.7.48.1.1';

export const AccessMethod = {
  ocsp: '1.3.6.1.5.5.7.48.1',
  caIssuers: '1.3.6.1.5.5.7.48.2',
} as const;
