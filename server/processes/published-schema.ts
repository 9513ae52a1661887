import { readFile } from 'node:fs/promises';
import { ProcessDefinition } from '../workflow/definition.ts';

/** The text of `processes/process-definition.schema.json`: JSON Schema 2020-12 for editors and other programs. */
export function publishedSchema(): string {
  const schema = { $schema: 'https://json-schema.org/draft/2020-12/schema', ...ProcessDefinition };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

/** Whether the committed file is what the source generates; a file that is missing is stale. */
export async function isPublishedSchemaFresh(file: string): Promise<boolean> {
  try {
    return (await readFile(file, 'utf8')) === publishedSchema();
  } catch {
    return false;
  }
}
