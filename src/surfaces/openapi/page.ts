import { hash } from 'node:crypto'

interface Json {
  readonly [name: string]: unknown
}

interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly string[]
  readonly security?: readonly object[]
  readonly parameters?: readonly { readonly name: string; readonly in: string; readonly description?: string }[]
  readonly requestBody?: { readonly content: Json }
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Json }>>
}

const style = `
:root { color-scheme: light dark; font: 16px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 0 auto; padding: 1rem }
code, pre { font: 0.875rem/1.4 ui-monospace, monospace }
pre { overflow-x: auto; padding: 0.75rem; border: 1px solid #8884; border-radius: 0.25rem }
details { margin: 0.5rem 0; padding: 0.25rem 0.75rem; border: 1px solid #8884; border-radius: 0.25rem }
summary { cursor: pointer; overflow-wrap: anywhere }
summary b { display: inline-block; min-width: 4.5rem }
td, th { padding: 0.125rem 1rem 0.125rem 0; text-align: left; vertical-align: top }
`

/** The policy of the page: its own style and nothing else, no script, no address. */
export const pagePolicy = `default-src 'none'; style-src 'sha256-${hash('sha256', style, 'base64')}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}
const safe = (text: unknown): string => String(text).replace(/[&<>"']/g, (sign) => escapes[sign] ?? '')

/** An OpenAPI document that `openApiOf` made, as one page of HTML that needs nothing else. */
export function pageOf(document: Json): string {
  const {
    info,
    paths,
    components,
    servers = [],
  } = document as unknown as {
    readonly info: { readonly title: string; readonly version: string; readonly description: string }
    readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
    readonly components: { readonly schemas: Json }
    readonly servers?: readonly { readonly url: string }[]
  }
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({ path, method, operation })),
  )
  const sections = [...Map.groupBy(operations, ({ operation }) => operation.tags[0] ?? '')].map(
    ([tag, own]) => `<h2 id="${safe(tag)}">${safe(tag)}</h2>\n${own.map(operationHtml).join('\n')}`,
  )
  const schemas = Object.entries(components.schemas).map(([name, schema]) => schemaHtml(name, schema))
  const where = servers.map(
    ({ url }) => `<p>At <code>${safe(url)}</code>; the document itself is <code>${safe(url)}/openapi.json</code>.</p>`,
  )
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${safe(info.title)}</title><style>${style}</style></head>
<body><h1>${safe(info.title)} ${safe(info.version)}</h1><p>${safe(info.description)}</p>
${where.join('\n')}
<p>Send <code>Authorization: Bearer KEY</code>, or <code>x-api-key: KEY</code>.</p>
${sections.join('\n')}
<h2>Schemas</h2>
${schemas.join('\n')}
</body></html>
`
}

function operationHtml({ path, method, operation }: { path: string; method: string; operation: Operation }): string {
  const { operationId, summary, description, security, parameters = [], requestBody, responses } = operation
  const access = security?.length === 0 ? 'Needs no key.' : (description ?? 'Needs a key.')
  const given = parameters.map(
    ({ name, in: place, description: about = '' }) =>
      `<tr><td><code>${safe(name)}</code></td><td>${safe(place)}</td><td>${safe(about)}</td></tr>`,
  )
  const answers = Object.entries(responses).map(
    ([status, { description: about, content }]) =>
      `<tr><td>${safe(status)}</td><td>${safe(about)}${content === undefined ? '' : ` ${namesOf(content)}`}</td></tr>`,
  )
  return `<details id="${safe(operationId)}"><summary><b>${safe(method.toUpperCase())}</b> <code>${safe(path)}</code> ${safe(summary)}</summary>
<p>${safe(access)}</p>
${given.length === 0 ? '' : `<table>${given.join('')}</table>`}
${requestBody === undefined ? '' : `<h4>Body</h4>${namesOf(requestBody.content)}`}
<h4>Answers</h4><table>${answers.join('')}</table></details>`
}

/** Which schemas a content has, by the names of the components, else as they are. */
function namesOf(content: Json): string {
  const entries = Object.entries(content) as [string, { readonly schema?: Json }][]
  return entries
    .map(([type, { schema = {} }]) => {
      const reference = schema['$ref']
      if (typeof reference !== 'string') return `${safe(type)}${schemaText(schema)}`
      const name = reference.slice(reference.lastIndexOf('/') + 1)
      return `${safe(type)}: <a href="#schema-${safe(name)}">${safe(name)}</a>`
    })
    .join('; ')
}

const schemaText = (schema: Json): string =>
  Object.keys(schema).length < 2 ? '' : `<pre>${safe(JSON.stringify(schema, null, 2))}</pre>`

function schemaHtml(name: string, schema: unknown): string {
  return `<details id="schema-${safe(name)}"><summary><code>${safe(name)}</code></summary><pre>${safe(JSON.stringify(schema, null, 2))}</pre></details>`
}
