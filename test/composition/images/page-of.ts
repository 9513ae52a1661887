import type { Image } from '../../../server/composition/images/image.ts';
import { multiply } from '../../../server/composition/images/image.ts';
import { bytesSource } from '../../../server/pdf/byte-source.ts';
import { PdfDict, PdfName, PdfStream } from '../../../server/pdf/objects.ts';
import { openPdf } from '../../../server/pdf/open-pdf.ts';
import { pageAt } from '../../../server/pdf/pages.ts';
import { IncrementalUpdate } from '../../../server/pdf/update/incremental-update.ts';
import { samplePdf } from '../../signing/sample-pdf.ts';

/** A page of `side` points on which the picture fills everything. */
export function pageOf(image: Image, side: number, hardMask = false): Buffer {
  const pdf = samplePdf();
  const doc = openPdf(bytesSource(pdf));
  const update = new IncrementalUpdate(doc);
  const page = pageAt(doc, 0);
  const matrix = multiply(image.toUnitSquare, [side, 0, 0, side, 0, 0]);
  const content = Buffer.from(`q ${matrix.join(' ')} cm /Im0 Do Q`);
  update.set(
    page.ref,
    page.dict.with({
      Type: PdfName.of('Page'),
      MediaBox: [0, 0, side, side],
      Contents: update.add(new PdfStream(PdfDict.of({}), content)),
      Resources: PdfDict.of({ XObject: PdfDict.of({ Im0: image.xobject({ hardMask }) }) }),
    }),
  );
  return Buffer.concat([pdf, update.finish().bytes]);
}
