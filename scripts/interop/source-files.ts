/** Unsigned PDF files written by hand, so that nothing of the code under test had a part in them. */

const HEAD = '%PDF-1.7\n%\xe2\xe3\xcf\xd3\n';

/** A page with a line of text; `archival`: marked as PDF/A-2b, with neither fonts nor colours that could break it. */
export function plainPdf({ archival = false }: { readonly archival?: boolean } = {}): Buffer {
  const text = archival ? '72 720 200 1 re f' : 'BT /F 12 Tf 72 720 Td (Quyet dinh so 01) Tj ET';
  const resources = archival ? '<< >>' : '<< /Font << /F 5 0 R >> >>';
  return pdfOf([
    `<< /Type /Catalog /Pages 2 0 R ${archival ? '/Metadata 5 0 R' : ''} >>`,
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    `<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources ${resources} >>`,
    stream(text),
    archival ? stream(xmp, '/Type /Metadata /Subtype /XML') : font,
  ]);
}

/** A page with the text fields `so` and `ngay`, filled in, and the empty signature fields `ky` and `dong_dau`. */
export function formPdf(): Buffer {
  const textField = (name: string, value: string, y: number, look: number): string =>
    `<< /Type /Annot /Subtype /Widget /FT /Tx /T (${name}) /V (${value}) /DA (/F 12 Tf 0 g) /P 3 0 R /F 4 /Rect [72 ${y} 272 ${y + 16}] /AP << /N ${look} 0 R >> >>`;
  const look = (value: string): string =>
    stream(
      `/Tx BMC q BT /F 12 Tf 2 4 Td (${value}) Tj ET Q EMC`,
      '/Type /XObject /Subtype /Form /BBox [0 0 200 16] /Resources << /Font << /F 5 0 R >> >>',
    );
  const signatureField = (name: string, x: number): string =>
    `<< /Type /Annot /Subtype /Widget /FT /Sig /T (${name}) /P 3 0 R /F 132 /Rect [${x} 100 ${x + 180} 160] >>`;
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R /AcroForm 6 0 R >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Annots [7 0 R 9 0 R 11 0 R 12 0 R] /Resources << /Font << /F 5 0 R >> >> >>',
    stream('BT /F 12 Tf 72 720 Td (Quyet dinh) Tj ET'),
    font,
    '<< /Fields [7 0 R 9 0 R 11 0 R 12 0 R] /DR << /Font << /F 5 0 R >> >> /DA (/F 12 Tf 0 g) >>',
    textField('so', '01/QD', 680, 8),
    look('01/QD'),
    textField('ngay', '01/06/2026', 660, 10),
    look('01/06/2026'),
    signatureField('ky', 72),
    signatureField('dong_dau', 320),
  ]);
}

/** A page with the placeholder that @signpdf looks for; whoever makes it says the time of the signature (EN 319 142-1 6.3). */
export function placeholderPdf(time: Date): Buffer {
  const m = `D:${time.toISOString().replace(/[-:T]|\.\d+/g, '')}`;
  return pdfOf([
    '<< /Type /Catalog /Pages 2 0 R /AcroForm << /Fields [4 0 R] /SigFlags 3 >> >>',
    '<< /Type /Pages /Kids [3 0 R] /Count 1 >>',
    '<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Annots [4 0 R] /Resources << >> >>',
    '<< /Type /Annot /Subtype /Widget /FT /Sig /T (Signature1) /F 132 /Rect [0 0 0 0] /P 3 0 R /V 5 0 R >>',
    `<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached /M (${m}) /ByteRange [0 /********** /********** /**********] /Contents <${'0'.repeat(16_384)}> >>`,
  ]);
}

const font = '<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>';

const xmp = `<?xpacket begin="" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<rdf:Description rdf:about="" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/" pdfaid:part="2" pdfaid:conformance="B"/>
</rdf:RDF></x:xmpmeta>
<?xpacket end="w"?>`;

const stream = (data: string, entries = ''): string =>
  `<< ${entries} /Length ${data.length} >>\nstream\n${data}\nendstream`;

/** Bodies of the objects 1, 2, 3 … ; the first is the catalog. */
function pdfOf(bodies: readonly string[]): Buffer {
  let file = HEAD;
  const rows = bodies.map((body, index) => {
    const row = `${String(file.length).padStart(10, '0')} 00000 n \n`;
    file += `${index + 1} 0 obj\n${body}\nendobj\n`;
    return row;
  });
  const size = bodies.length + 1;
  const id = '<00112233445566778899AABBCCDDEEFF>';
  const table = `xref\n0 ${size}\n0000000000 65535 f \n${rows.join('')}`;
  const trailer = `trailer\n<< /Size ${size} /Root 1 0 R /ID [${id} ${id}] >>\nstartxref\n${file.length}\n%%EOF\n`;
  return Buffer.from(file + table + trailer, 'latin1');
}
