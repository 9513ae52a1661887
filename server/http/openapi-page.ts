import type { OpenApiDocument, Operation } from './openapi.ts';

/** The document as one page without scripts, so that it reads anywhere and under the strictest policy. */
export function openApiPage(document: OpenApiDocument): string {
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  );
  const tags = [...new Set(operations.map(({ operation }) => operation.tags[0] ?? ''))].sort();
  const sections = tags.map((tag) => {
    const articles = operations
      .filter(({ operation }) => operation.tags[0] === tag)
      .map(({ path, method, operation }) => articleOf(path, method, operation));
    return `<section id="${escapeHtml(tag)}"><h2>${escapeHtml(tag)}</h2>${articles.join('')}</section>`;
  });
  const { title, version, description } = document.info;
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} API ${escapeHtml(version)}</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/assets/plain.css">
</head>
<body>
<main>
<h1>${escapeHtml(title)} API ${escapeHtml(version)}</h1>
<p>${escapeHtml(description)} The same as a machine reads it: <a href="/api/openapi.json">openapi.json</a>.</p>
<nav aria-label="Parts"><ul>${tags.map((tag) => `<li><a href="#${escapeHtml(tag)}">${escapeHtml(tag)}</a></li>`).join('')}</ul></nav>
${sections.join('\n')}
</main>
</body>
</html>
`;
}

function articleOf(path: string, method: string, operation: Operation): string {
  const responses = Object.entries(operation.responses).map(
    ([status, response]) =>
      `<li><b>${status}</b> ${escapeHtml('description' in response ? String(response.description) : '')}</li>`,
  );
  return `<details id="${operation.operationId}">
<summary><code>${method.toUpperCase()} ${escapeHtml(path)}</code> ${escapeHtml(operation.summary)}</summary>
<p>${escapeHtml(operation.description ?? '')}</p>
${block('Parameters', operation.parameters.length > 0 ? operation.parameters : undefined)}
${block('Body', operation.requestBody)}
<h3>Answers</h3><ul>${responses.join('')}</ul>
${block('Answer', Object.entries(operation.responses).find(([status]) => status < '300')?.[1])}
</details>`;
}

function block(title: string, value: unknown): string {
  return value === undefined
    ? ''
    : `<h3>${title}</h3><pre tabindex="0">${escapeHtml(JSON.stringify(value, null, 2))}</pre>`;
}

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
