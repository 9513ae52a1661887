import { listFields } from '../../../server/pdf/forms/field-tree.ts';
import {
  isArray,
  PdfDict,
  PdfName,
  type PdfObject,
  PdfRef,
  PdfStream,
  PdfString,
} from '../../../server/pdf/objects.ts';
import type { PdfPage } from '../../../server/pdf/pages.ts';
import { walkPages } from '../../../server/pdf/pages.ts';
import type { IncrementalUpdate } from '../../../server/pdf/update/incremental-update.ts';
import type { Random } from '../random.ts';
import { take } from '../take.ts';

/** Changes some objects in an update; does nothing where the file has none such. */
export type Edit = (update: IncrementalUpdate, random: Random) => void;

const name = PdfName.of;
const LOOKS = Buffer.from('q 1 0 0 rg 0 0 600 800 re f Q BT /F1 24 Tf 50 50 Td (1.000.000.000) Tj ET');
const BOX = [0, 0, 600, 800];

const look = (update: IncrementalUpdate): PdfRef =>
  update.add(new PdfStream(PdfDict.of({ Type: name('XObject'), Subtype: name('Form'), BBox: BOX }), LOOKS));

function refs(update: IncrementalUpdate): PdfRef[] {
  return update.doc
    .objectNumbers()
    .slice(0, 5000)
    .flatMap((number) => update.doc.refOf(number) ?? []);
}

function anyValue(update: IncrementalUpdate, random: Random): PdfObject {
  const all = refs(update);
  const choices: (() => PdfObject)[] = [
    () => null,
    () => random.pick([0, 1, -1, 2 ** 31, 0.5, true, false]),
    () => name(random.pick(['Sig', 'Tx', 'Widget', 'Page', 'Pages', 'Catalog', 'OCG', 'JavaScript'])),
    () => new PdfString(random.bytes(random.length(40)), true),
    () => (all.length > 0 ? random.pick(all) : null),
    () => [random.below(600), random.below(600), random.below(600), random.below(600)],
    () => (all.length > 0 ? update.get(random.pick(all)) : null),
    () => PdfDict.of({ S: name('JavaScript'), JS: new PdfString(Buffer.from('app.alert(1)')) }),
  ];
  return random.pick(choices)();
}

const KEYS = [
  ...['AA', 'A', 'AcroForm', 'AP', 'AS', 'Annots', 'Contents', 'DA', 'DR', 'DSS', 'DocMDP', 'F', 'FT', 'Ff'],
  ...['Fields', 'Kids', 'Lock', 'MaxLen', 'MediaBox', 'Metadata', 'Names', 'NeedAppearances', 'OCProperties'],
  ...['OpenAction', 'Parent', 'Perms', 'Rect', 'Resources', 'Rotate', 'SigFlags', 'StructTreeRoot', 'T', 'V'],
];

function changed(dict: PdfDict, update: IncrementalUpdate, random: Random): PdfDict {
  const own = [...dict.keys()];
  const key = own.length > 0 && random.chance(0.6) ? random.pick(own) : random.pick(KEYS);
  return dict.with({ [key]: random.chance(0.25) ? null : anyValue(update, random) });
}

function onPage(update: IncrementalUpdate, random: Random, change: (page: PdfPage) => PdfDict): void {
  const pages = take(walkPages(update), 50);
  if (pages.length === 0) return;
  const page = random.pick(pages);
  update.set(page.ref, change(page));
}

function onField(update: IncrementalUpdate, random: Random, change: (dict: PdfDict) => PdfDict): void {
  const fields = listFields(update).filter(({ ref }) => ref);
  if (fields.length === 0) return;
  const { ref, dict } = random.pick(fields);
  if (ref) update.set(ref, change(dict));
}

const array = (update: IncrementalUpdate, value: PdfObject | undefined): readonly PdfObject[] => {
  const found = update.resolve(value);
  return isArray(found) ? found : [];
};

export const edits: Readonly<Record<string, Edit>> = {
  nothing: () => {},
  'the same again': (update, random) => {
    const all = refs(update);
    if (all.length === 0) return;
    const ref = random.pick(all);
    update.set(ref, update.get(ref));
  },
  'page shows something else': (update, random) => {
    const content = update.add(new PdfStream(new PdfDict(), LOOKS));
    onPage(update, random, ({ dict }) => dict.with({ Contents: content }));
  },
  'page shows more': (update, random) => {
    const content = update.add(new PdfStream(new PdfDict(), LOOKS));
    onPage(update, random, ({ dict }) => {
      const now = dict.get('Contents');
      return dict.with({ Contents: isArray(now) ? [...now, content] : now ? [now, content] : content });
    });
  },
  'stream replaced': (update, random) => {
    const streams = refs(update).filter((ref) => update.get(ref) instanceof PdfStream);
    if (streams.length > 0) update.set(random.pick(streams), new PdfStream(new PdfDict(), LOOKS));
  },
  'page changed': (update, random) => onPage(update, random, ({ dict }) => changed(dict, update, random)),
  'page added': (update, random) => {
    const pages = update.dict(update.catalog.get('Pages'));
    const ref = update.catalog.get('Pages');
    if (!pages || !(ref instanceof PdfRef)) return;
    const page = update.add(
      PdfDict.of({
        Type: name('Page'),
        Parent: ref,
        MediaBox: BOX,
        Contents: update.add(new PdfStream(new PdfDict(), LOOKS)),
      }),
    );
    const kids = [...array(update, pages.get('Kids'))];
    kids.splice(random.below(kids.length + 1), random.chance(0.3) ? 1 : 0, page);
    update.set(ref, pages.with({ Kids: kids, Count: kids.length }));
  },
  'annotation added': (update, random) => {
    const kind = random.pick([
      'Widget',
      'Stamp',
      'FreeText',
      'Link',
      'Square',
      'Popup',
      'Redact',
      'Watermark',
    ]);
    const annotation = update.add(
      PdfDict.of({
        Type: name('Annot'),
        Subtype: name(kind),
        Rect: BOX,
        F: 4,
        AP: PdfDict.of({ N: look(update) }),
        FT: kind === 'Widget' ? name(random.pick(['Tx', 'Sig', 'Btn'])) : undefined,
      }),
    );
    onPage(update, random, ({ dict }) =>
      dict.with({ Annots: [...array(update, dict.get('Annots')), annotation] }),
    );
  },
  'catalog changed': (update, random) => {
    const catalog = changed(update.catalog, update, random);
    update.set(random.chance(0.8) ? update.catalogRef : update.reserve(), catalog);
  },
  'form changed': (update, random) => {
    const form = update.catalog.get('AcroForm');
    const next = changed(update.dict(form) ?? new PdfDict(), update, random);
    if (form instanceof PdfRef) update.set(form, next);
    else update.set(update.catalogRef, update.catalog.with({ AcroForm: next }));
  },
  'field filled': (update, random) =>
    onField(update, random, (dict) =>
      dict.with({ V: PdfString.text('9'), AP: PdfDict.of({ N: look(update) }) }),
    ),
  'field value only': (update, random) =>
    onField(update, random, (dict) => dict.with({ V: PdfString.text('9') })),
  'field looks different': (update, random) =>
    onField(update, random, (dict) => dict.with({ AP: PdfDict.of({ N: look(update) }) })),
  'field changed': (update, random) => onField(update, random, (dict) => changed(dict, update, random)),
  'field added': (update, random) => {
    const kind = random.pick(['Tx', 'Sig', 'Btn', 'Ch']);
    const page = take(walkPages(update), 1)[0];
    const form = update.catalog.get('AcroForm');
    const dict = update.dict(form);
    if (!page || !dict || !(form instanceof PdfRef)) return;
    const field = update.add(
      PdfDict.of({
        Type: name('Annot'),
        Subtype: name('Widget'),
        FT: name(kind),
        T: PdfString.text(`new${random.below(3)}`),
        P: page.ref,
        Rect: random.chance(0.5) ? BOX : [0, 0, 0, 0],
        AP: random.chance(0.5) ? PdfDict.of({ N: look(update) }) : undefined,
        V: random.chance(0.3) ? anyValue(update, random) : undefined,
      }),
    );
    update.set(form, dict.with({ Fields: [...array(update, dict.get('Fields')), field] }));
    update.set(page.ref, page.dict.with({ Annots: [...array(update, page.dict.get('Annots')), field] }));
  },
  'any object replaced': (update, random) => {
    const all = refs(update);
    if (all.length > 0) update.set(random.pick(all), anyValue(update, random));
  },
  'any dictionary changed': (update, random) => {
    const all = refs(update);
    if (all.length === 0) return;
    const ref = random.pick(all);
    const object = update.get(ref);
    if (object instanceof PdfDict) update.set(ref, changed(object, update, random));
    if (object instanceof PdfStream)
      update.set(ref, new PdfStream(changed(object.dict, update, random), object.bytes));
  },
  'evidence added': (update, random) => {
    const certificate = update.add(new PdfStream(new PdfDict(), random.bytes(100)));
    const store = update.add(PdfDict.of({ Type: name('DSS'), Certs: [certificate], CRLs: [certificate] }));
    update.set(update.catalogRef, update.catalog.with({ DSS: store }));
  },
};
