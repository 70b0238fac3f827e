import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { ScriptedOpenAiServer, type ServedTurn } from '../http/scripted-openai-server.ts'
import { rulesWithTerms } from '../policy/rules-with-terms.ts'
import { temporaryFolder } from '../temporary-folder.ts'
import { characters, charts, markdown, markup, pages } from './hostile-content.ts'

/** Another origin than the service's, which counts who came. It has a page of each of `markup`, which nothing guards: `/bare/N`. */
export async function startElsewhere() {
  const asked: string[] = []
  const server = createServer(({ url = '', headers: { host } }, response) => {
    const bare = /^\/bare\/(\d+)$/.exec(url)?.[1]
    response.setHeader('cache-control', 'no-store')
    if (bare === undefined) {
      asked.push(url)
      response.end()
      return
    }
    response.setHeader('content-type', 'text/html')
    response.end(armed(markup[Number(bare)]?.text ?? '', `http://${host}/control/${bare}`))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    asked,
    // The service is at 127.0.0.1: another host, another port.
    address: `http://localhost:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** What a script of hostile content does: it leaves a mark on the page that it runs in. */
const run = 'document.documentElement.dataset.ran=1'

/** Puts the script and the address into hostile content. */
export function armed(text: string, address: string): string {
  return text.replaceAll('RUN', run).replaceAll('OFF', address)
}

/** Of what is armed: the texts of `markup` and `characters`, the answer of the model, and the names of columns. */
export function hostileTexts(address: string) {
  const arm = (text: string): string => armed(text, address)
  const armedTexts = [...markup, ...characters].map(({ name, text, shown = text }) => ({
    name,
    text: arm(text),
    shown: arm(shown),
  }))
  // Whatever a terminal obeys, the service itself takes from what programs print and from cells.
  const printed = armedTexts.filter(({ shown }) => !/[\u2400-\u241F]|U\+009B/.test(shown)).map(({ shown }) => shown)
  const inWords = armedTexts.filter(({ text, shown, name }) => text !== shown && name !== 'link of a terminal')
  // What stands between its tags is an address, which Markdown makes a link, as it may.
  const inMarkdown = markup.filter(({ name }) => name !== 'import of a style').map(({ text }) => arm(text))
  const answer = [
    'What was found:',
    ...markdown.map(({ text }) => arm(text)),
    ...inMarkdown.map((text) => `k ${text}`),
    ...inWords.map(({ text }) => text),
  ].join('\n\n')
  return { all: armedTexts, answer, inMarkdown, inWords, printed }
}

/** Every character that is not plain as an escape of JSON: the service refuses programs that read differently from how they run. */
const plainJson = (value: unknown): string =>
  JSON.stringify(value).replace(
    /[^\x20-\x7E]/g,
    (unit) => String.raw`\u` + unit.charCodeAt(0).toString(16).padStart(4, '0'),
  )

/** As a literal of PostgreSQL's with escapes, for the same reason. */
function quoted(text: string): string {
  const plain = text
    .replaceAll('\\', '\\\\')
    .replaceAll("'", "''")
    .replace(/[^\x20-\x7E]/gu, (letter) => String.raw`\U` + (letter.codePointAt(0) ?? 0).toString(16).padStart(8, '0'))
  return `E'${plain}'`
}

/** Names of columns that a database takes, which cuts them behind 63 bytes. */
export const columnNames: readonly string[] = [
  '<img src="data:," onerror="alert(1)">',
  '<svg onload="alert(1)"></svg>',
  '</button><script>alert(1)</script>',
  '[x](javascript:alert(1))',
  '__proto__',
  'constructor',
]

/** A statement whose one row has all texts, below columns of hostile names. */
function hostileStatement(texts: readonly string[], first = '', table = 'orders'): string {
  const columns = texts.map((text, at) => {
    const name = columnNames[at] ?? `c${at}`
    return `${quoted(text)} AS "${name.replaceAll('"', '""')}"`
  })
  return `SELECT ${first}${columns.join(', ')} FROM ${table} LIMIT 1`
}

/** A program that prints the texts, and makes the pages, charts, and files of hostile names. */
function hostileProgram(texts: readonly string[], address: string): string {
  const files: Record<string, string> = {}
  for (const { name, text } of pages) {
    const body = text === '' ? markup.map((each) => each.text).join('\n') : text
    files[name] = armed(name.endsWith('.html') ? `<p id="seen">${name}</p>${body}` : body, address)
  }
  for (const { name, spec } of charts) files[`${name}.vl.json`] = armed(JSON.stringify(spec), address)
  for (const name of fileNames) files[name] = 'x'
  // JSON within JSON is a literal of Python.
  return `import json
for name, text in json.loads(${JSON.stringify(plainJson(files))}).items():
    open("/mnt/data/" + name, "w").write(text)
print("\\n".join(json.loads(${JSON.stringify(plainJson(texts))})))`
}

/** Names that a program gives its files. */
export const fileNames: readonly string[] = [
  '<img src="data:," onerror="alert(1)">.txt',
  '"><svg onload="alert(1)">.txt',
  '[x](javascript:alert(1)).txt',
]

const call = (name: string, args: object): ServedTurn => ({
  kind: 'turn',
  text: 'I look.',
  calls: [{ name, arguments: JSON.stringify(args) }],
})

/**
 * A model whose programs, statement and answer are hostile, over a service whose rules want a person for addresses of customers; the
 * environment of that service.
 */
export async function startHostileAnalyst(address: string) {
  const { all, answer } = hostileTexts(address)
  const texts = all.map(({ text }) => text)
  const endpoint = await ScriptedOpenAiServer.start(({ body: { messages } }) => {
    const at = messages.findLastIndex(({ role }) => role === 'user')
    if (messages[at]?.content?.includes('addresses') === true) {
      return call('run_sql', { sql: hostileStatement(texts, 'email, ', 'customers') })
    }
    const done = messages.slice(at).filter(({ role }) => role === 'tool').length
    if (done === 0) return call('run_sql', { sql: hostileStatement(texts) })
    if (done === 1) return call('run_python', { code: hostileProgram(texts, address) })
    return { kind: 'turn', text: answer }
  })
  const file = join(temporaryFolder('web-'), 'sallyport.yaml')
  // What filters take from it, no page has to withstand: here it comes to the page as it is.
  const allow = { action: 'allow' }
  const raw = { outbound: { link: allow, pii: allow, secret: allow, 'sql-leak': allow } }
  const settings = {
    sources: { shop: { database: { kind: 'sample' } } },
    filters: { profiles: { raw } },
    gateway: { groups: { default: { filter_profile: 'raw' } } },
  }
  writeFileSync(file, JSON.stringify(settings))
  const term = { touches: ['public.customers.email'], ask: armed(markup[0]?.text ?? '', address) }
  return {
    environment: {
      SALLYPORT_CONFIG: file,
      SALLYPORT_MODEL_BASE_URL: endpoint.baseUrl,
      SALLYPORT_MODEL_NAME: 'scripted-1',
      SALLYPORT_SHARES_ANONYMOUS_GROUP: 'default',
      SALLYPORT_POLICY_BUNDLE: rulesWithTerms({ actions: { 'mail-addresses': term } }),
    },
    [Symbol.asyncDispose]: () => endpoint[Symbol.asyncDispose](),
  }
}
