import { createHash, sign } from 'node:crypto';
import { readDer } from '../../server/asn1/read.ts';
import { contextTag, Tag } from '../../server/asn1/tag.ts';
import { type Der, integer, octetString, oid, sequence, setOf, tlv } from '../../server/asn1/write.ts';
import { buildSignedData, type SignedDataOptions } from '../../server/cms/build-signed-data.ts';
import { Oid } from '../../server/cms/oids.ts';
import { bytesSource } from '../../server/pdf/byte-source.ts';
import { openPdf } from '../../server/pdf/open-pdf.ts';
import { prepareSignature, type SignatureRequest } from '../../server/pdf/signatures/prepare-signature.ts';
import type { Party } from '../pki/authority.ts';

const SHA256 = sequence(oid('2.16.840.1.101.3.4.2.1'));
const ECDSA_SHA256 = sequence(oid('1.2.840.10045.4.3.2'));

/** Puts whatever `contents` makes of the digest into a new signature; nothing is refused. */
export async function embedded(
  file: Uint8Array,
  contents: (digest: Uint8Array) => Promise<Uint8Array> | Uint8Array,
  request: Partial<SignatureRequest> = {},
): Promise<Buffer> {
  const prepared = prepareSignature(openPdf(bytesSource(file)), {
    fieldName: 'ky',
    subFilter: 'ETSI.CAdES.detached',
    contentsSize: 12_000,
    ...request,
  });
  return Buffer.concat([file, prepared.embed(await contents(prepared.digest('sha256')))]);
}

/** A B-B signature by a party of the test PKI, whatever its certificate says. */
export const cmsBy =
  (
    party: Party,
    unsigned?: (signature: Uint8Array) => readonly Der[],
    extra: Partial<SignedDataOptions> = {},
  ) =>
  async (contentDigest: Uint8Array): Promise<Uint8Array> => {
    const options = {
      contentDigest,
      digestAlgorithm: 'SHA-256',
      scheme: 'ecdsa',
      certificate: party.certificate,
      chain: [],
      ...extra,
    } as const;
    let value = new Uint8Array();
    const once = await buildSignedData({
      ...options,
      sign: (bytes) => {
        value = sign('sha256', bytes, party.privateKey);
        return value;
      },
    });
    if (!unsigned) return once;
    return buildSignedData({ ...options, unsignedAttributes: unsigned(value), sign: () => value });
  };

export const signatureTimeStamp = (token: Der): Der => sequence(oid(Oid.signatureTimeStamp), setOf([token]));

/** A time-stamp token (RFC 3161) over `bytes`. */
export function timeStampToken(authority: Party, bytes: Uint8Array, time: Date): Der {
  return tokenOver(authority, createHash('sha256').update(bytes).digest(), time);
}

/** A TSTInfo about a message imprint. */
export function timeStampInfo(imprint: Der, time: Date): Der {
  const digits = time.toISOString().replace(/[-:T]|\.\d+/g, '');
  return sequence(
    integer(1),
    oid('1.2.3.4'),
    imprint,
    integer(7),
    tlv(Tag.generalizedTime, Buffer.from(digits)),
  );
}

/** A CMS that holds its content and signs it bare, without attributes. */
export function withoutAttributes(party: Party, content: Uint8Array, type: string): Der {
  const tbs = readDer(party.certificate.der).at(0);
  const signerInfo = sequence(
    integer(1),
    sequence(tbs.at(3).bytes, tbs.at(1).bytes),
    SHA256,
    ECDSA_SHA256,
    octetString(sign('sha256', content, party.privateKey)),
  );
  return signedData(party, content, type, signerInfo);
}

/** The same over a digest, as a document time stamp has it. */
export function tokenOver(authority: Party, digest: Uint8Array, time: Date): Der {
  const info = timeStampInfo(sequence(SHA256, octetString(digest)), time);
  const attributes = setOf([
    sequence(oid(Oid.contentType), setOf([oid(Oid.tstInfo)])),
    sequence(oid(Oid.messageDigest), setOf([octetString(createHash('sha256').update(info).digest())])),
  ]);
  const implicit = Buffer.from(attributes);
  implicit[0] = contextTag(0);
  const tbs = readDer(authority.certificate.der).at(0);
  const signerInfo = sequence(
    integer(1),
    sequence(tbs.at(3).bytes, tbs.at(1).bytes),
    SHA256,
    implicit,
    ECDSA_SHA256,
    octetString(sign('sha256', attributes, authority.privateKey)),
  );
  return signedData(authority, info, Oid.tstInfo, signerInfo);
}

const signedData = ({ certificate }: Party, content: Uint8Array, type: string, signerInfo: Der): Der =>
  sequence(
    oid(Oid.signedData),
    tlv(
      contextTag(0),
      sequence(
        integer(3),
        setOf([SHA256]),
        sequence(oid(type), tlv(contextTag(0), octetString(content))),
        tlv(contextTag(0), certificate.der),
        setOf([signerInfo]),
      ),
    ),
  );
