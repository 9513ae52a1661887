import { expect } from 'chai';
import { contextTag, Tag } from '../../server/asn1/tag.ts';
import { integer, oid, sequence, tlv } from '../../server/asn1/write.ts';
import { Oid } from '../../server/cms/oids.ts';
import { issuerSource } from '../../server/evidence/issuer-source.ts';
import { guardedFetch } from '../../server/platform/guarded-fetch.ts';
import { silentLogger } from '../../server/platform/services.ts';
import * as pki from '../pki/authority.ts';
import { type Answer, closeServers, deadUrl, flood, serve } from './http-server.ts';
import { accessInfo } from './published.ts';

const root = pki.authority('Root', { key: 0 });
const namesake = pki.authority('Root', { key: 2 });
const fetch = guardedFetch({
  totalMilliseconds: 300,
  idleMilliseconds: 150,
  isAllowed: (address) => address === '127.0.0.1',
});
const leafAt = (...caIssuers: readonly string[]) =>
  pki.certify({ issuer: root, key: 1, extensions: [accessInfo({ caIssuers })] }).certificate;

/** A bundle as authorities publish it: SignedData without signers. */
const bundle = (...parties: readonly pki.Party[]) =>
  sequence(
    oid(Oid.signedData),
    tlv(
      contextTag(0),
      sequence(
        integer(1),
        tlv(Tag.set),
        sequence(oid(Oid.data)),
        tlv(contextTag(0), ...parties.map(({ certificate }) => certificate.der)),
        tlv(Tag.set),
      ),
    ),
  );
const pem = `-----BEGIN CERTIFICATE-----\n${Buffer.from(root.certificate.der).toString('base64')}\n-----END CERTIFICATE-----\n`;

describe('issuers that are published', () => {
  afterEach(closeServers);

  const forms: readonly (readonly [string, Answer])[] = [
    ['in DER', () => root.certificate.der],
    ['in PEM', () => pem],
    ['in a bundle with others', () => bundle(namesake, root)],
  ];
  for (const [what, answer] of forms) {
    it(`are read ${what}`, async () => {
      const server = await serve(answer);
      const found = await issuerSource({ fetch, logger: silentLogger }).issuers(leafAt(server.url));
      expect(found.map(({ fingerprint }) => fingerprint)).to.deep.equal([root.certificate.fingerprint]);
    });
  }

  it('are those whose key made the signature, whatever their name is', async () => {
    const server = await serve(() => namesake.certificate.der);
    expect(await issuerSource({ fetch, logger: silentLogger }).issuers(leafAt(server.url))).to.deep.equal([]);
  });

  it('are none when an address gives nothing, and asked of each address once otherwise', async () => {
    const server = await serve(() => root.certificate.der);
    const garbage = await serve(() => 'x');
    const endless = await serve(flood);
    const source = issuerSource({ fetch, logger: silentLogger });
    const leaf = leafAt(await deadUrl(), garbage.url, endless.url, server.url);
    expect(await source.issuers(leaf)).to.have.length(1);
    expect(await source.issuers(leaf)).to.have.length(1);
    expect(server.asked).to.have.length(1);
  });

  it('are none without a network', async () => {
    const server = await serve(() => root.certificate.der);
    const off = issuerSource({ fetch: undefined, logger: silentLogger });
    expect(await off.issuers(leafAt(server.url))).to.deep.equal([]);
    expect(server.asked).to.have.length(0);
  });
});
