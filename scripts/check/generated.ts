import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { configurationPage } from '../../server/config.ts';
import { isPublishedSchemaFresh } from '../../server/processes/published-schema.ts';

/** What is generated and committed says the same as its source. */
export async function checkGenerated(root: string): Promise<string[]> {
  const problems: string[] = [];
  if (!(await isPublishedSchemaFresh(join(root, 'processes/process-definition.schema.json')))) {
    problems.push(
      'processes/process-definition.schema.json: run "npm run -s anso -- processes schema" into the file',
    );
  }
  const page = join(root, 'docs/configuration.md');
  if (readFileSync(page, 'utf8').trimEnd() !== configurationPage().trimEnd()) {
    problems.push('docs/configuration.md: run "npm run -s anso -- config --write"');
  }
  return problems;
}
