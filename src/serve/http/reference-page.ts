// The reference of the server's addresses as one plain page, made from its OpenAPI document. Loads nothing from elsewhere.
import { inWords, type Language } from "../../messages/index.ts";
import { type Html, html, htmlDocument } from "../../pages/index.ts";

interface Operation {
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters: readonly { readonly name: string; readonly in: string; readonly description?: string }[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: unknown }>> };
  readonly responses: Readonly<Record<string, { readonly description: string }>>;
}

const texts = {
  title: { en: "Addresses of this server", zh: "本服务器的接口" },
  from: { en: "This page is made from", zh: "本页由此文档生成：" },
  parameters: { en: "Parameters", zh: "参数" },
  body: { en: "Body", zh: "正文" },
  replies: { en: "Replies", zh: "应答" },
} as const;

/** @param document as `openApi` makes it */
export function referencePage(document: Readonly<Record<string, unknown>>, language: Language): string {
  const paths = document.paths as Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  const all = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  );
  const title = inWords(language, texts.title);
  const body = html`<main>
<h1>${title}</h1>
<p>${inWords(language, texts.from)} <a href="openapi.json">openapi.json</a></p>
${all.map(({ path, method, operation }) => section(path, method, operation, language))}
</main>`;
  return htmlDocument({ language, title, body });
}

function section(path: string, method: string, operation: Operation, language: Language): Html {
  const { summary, parameters, requestBody, responses } = operation;
  const schema = requestBody?.content["application/json"]?.schema;
  return html`<section>
<h2><code>${method} ${path}</code></h2>
<p>${summary}</p>
${parameters.length ? html`<h3>${inWords(language, texts.parameters)}</h3><ul>${parameters.map(parameter)}</ul>` : ""}
${schema ? html`<h3>${inWords(language, texts.body)}</h3><pre>${JSON.stringify(schema, null, 1)}</pre>` : ""}
<h3>${inWords(language, texts.replies)}</h3>
<ul>${Object.entries(responses).map(([status, reply]) => html`<li><code>${status}</code> ${reply.description}</li>`)}</ul>
</section>`;
}

const parameter = (one: Operation["parameters"][number]): Html =>
  html`<li><code>${one.name}</code> (${one.in}) ${one.description ?? ""}</li>`;
