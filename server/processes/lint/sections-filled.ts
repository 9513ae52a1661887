import type { ProcessDefinition } from '../../workflow/definition.ts';
import { type Fault, pointer, type Rule } from './finding.ts';

/** Sections of the printed procedure that hold a list: one that is empty keeps the draft from being issued. */
const lists = ['references', 'terms', 'legalBasis', 'dossier', 'forms', 'records'] as const;

export const sectionsFilled: Rule = {
  id: 'sections-filled',
  severity: 'error',
  check: (definition) => [...emptyLists(definition), ...blankTexts(definition, '')],
};

function emptyLists(definition: ProcessDefinition): Fault[] {
  const empty: string[] = lists.filter((name) => definition[name].length === 0);
  if (definition.revision.changes.length === 0) empty.push('revision/changes');
  return empty.map((name) => ({
    path: `/${name}`,
    vi: 'Mục này của quy trình đang để trống.',
    en: 'This section of the procedure is empty.',
  }));
}

/** A text of spaces fills nothing. The schema of the fields is no printed text. */
function* blankTexts(value: unknown, path: string): Iterable<Fault> {
  if (typeof value === 'string' && value.trim() === '') {
    yield { path, vi: 'Nội dung đang để trống.', en: 'The text is blank.' };
  } else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      if (path !== '' || key !== 'fields') yield* blankTexts(child, `${path}/${pointer(key)}`);
    }
  }
}
