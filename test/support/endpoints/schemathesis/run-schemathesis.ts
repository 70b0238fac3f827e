import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { drawn } from '../../media/drawn-pictures.ts'
import { pythonEnvironment } from '../../python/python-environment.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { fuzzDocument } from '../fuzz/fuzz-document.ts'

export const schemathesisPackages = () =>
  pythonEnvironment('schemathesis', join(import.meta.dirname, 'schemathesis.txt'))

const text = { type: 'string' }

/** What every refusal is. */
const problem = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  properties: {
    type: text,
    title: text,
    status: { type: 'integer', minimum: 400, maximum: 499 },
    detail: { type: 'string', minLength: 10 },
    code: text,
    request_id: { type: 'string', format: 'uuid' },
  },
}

/**
 * The document of the fixture as a caller of the endpoint sees it: a key is needed, what is refused is a problem, a picture is one that
 * decodes, and a body of no bytes is none. All that a form says is text: of its parts those are left in which no value of another kind
 * reads like one of the right kind, as true does where a list of words is asked for. Patterns are written without signs by which Python means more or less than ECMAScript.
 */
function callersDocument(): object {
  const refused = {
    description: 'Refused.',
    content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
  }
  const document = structuredClone(fuzzDocument) as unknown as {
    readonly paths: Record<string, Record<string, { responses: Record<string, unknown> }>>
    readonly components: { readonly schemas: Record<string, unknown>; securitySchemes?: object }
    security?: object
  }
  for (const item of Object.values(document.paths)) {
    for (const operation of Object.values(item)) operation.responses['4XX'] = refused
  }
  document.components.schemas['Problem'] = problem
  document.components.securitySchemes = { key: { type: 'http', scheme: 'bearer' } }
  document.security = [{ key: [] }]
  const {
    Question: question,
    Gallery: gallery,
    Form: form,
  } = document.components.schemas as {
    readonly Form: { properties: Record<string, unknown> }
    readonly Question: { readonly properties: Record<string, object> }
    readonly Gallery: { readonly properties: { readonly images: { items: object } } }
  }
  question.properties['title'] = { type: 'string', pattern: String.raw`^[^\n\r\u2028\u2029]{0,20}$` }
  const space = String.raw`\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff`
  question.properties['user'] = { type: 'string', pattern: `^[^${space}]{1,16}$` }
  gallery.properties.images.items = { type: 'string', format: 'picture', minLength: 60 }
  form.properties = { name: form.properties['name'], tags: form.properties['tags'] }
  const { put } = document.paths['/notes/{name}.txt'] as unknown as {
    readonly put: { readonly requestBody: { readonly content: Record<string, object> } }
  }
  for (const type of ['text/plain', 'application/octet-stream']) {
    put.requestBody.content[type] = { schema: { type: 'string', minLength: 1 } }
  }
  return document
}

/** What schemathesis says of a run (`--report json`). */
export interface SchemathesisReport {
  readonly complete: boolean
  readonly exit_code: number
  readonly operations: { readonly selected: number; readonly tested: number }
  readonly test_cases: { readonly generated: number }
  readonly failures: readonly object[]
  readonly errors: readonly object[]
  readonly valid_rates: Readonly<Record<string, Readonly<Record<string, { readonly accepted: number }>>>>
}

const mayRefuse = (path: string, namesOthers: boolean): string => `[[operations]]
include-path = "${path}"
checks.positive_data_acceptance.expected-statuses = ["2xx", "400", "401", "403", "404", "409", "422", "429", "5xx"]
${namesOthers ? 'checks.ensure_resource_availability.enabled = false\n' : ''}`

/** Its own list, and 413: a text longer than its schema lets it be may be more than the whole body may have. */
const rejections = `[checks.negative_data_rejection]
expected-statuses = ["400", "401", "403", "404", "405", "406", "409", "413", "415", "422", "428", "429", "5xx"]
`

/** Runs all of its checks against an address, with so many examples for each operation. */
export async function runSchemathesis(
  python: string,
  of: {
    readonly url: string
    /** null to send none. */
    readonly key: string | null
    readonly examples: number
    /** The document of the fixture without it. */
    readonly document?: object
    /** Addresses that refuse for what no schema says, with 400. */
    readonly refusing?: readonly string[]
    /** Of these, whose bodies name other objects: 404 need not be of the one in the address. */
    readonly naming?: readonly string[]
  },
): Promise<{ readonly report: SchemathesisReport; readonly output: string }> {
  const folder = temporaryFolder('schemathesis-')
  const [document, report, pictures] = ['document.json', 'report.json', 'pictures'].map((name) => join(folder, name))
  writeFileSync(document ?? '', JSON.stringify(of.document ?? callersDocument()))
  mkdirSync(pictures ?? '')
  const refusing = (of.refusing ?? []).map((path) => mayRefuse(path, of.naming?.includes(path) === true))
  writeFileSync(join(folder, 'schemathesis.toml'), [rejections, ...refusing].join(''))
  for (const type of ['png', 'jpeg', 'gif', 'webp'] as const) {
    writeFileSync(join(pictures ?? '', `drawn.${type}`), drawn[type])
  }
  const words = [
    '-m',
    'schemathesis.cli',
    'run',
    document ?? '',
    '--url',
    of.url,
    ...(of.key === null ? [] : ['--header', `Authorization: Bearer ${of.key}`]),
  ]
  words.push('--checks', 'all', '--max-examples', String(of.examples), '--continue-on-failure', '--no-color')
  words.push('--generation-database', 'none', '--report', 'json', '--report-json-path', report ?? '')
  const child = spawn(python, words, {
    cwd: folder,
    env: {
      PATH: process.env['PATH'] ?? '',
      PYTHONPATH: import.meta.dirname,
      PYTHONDONTWRITEBYTECODE: '1',
      SCHEMATHESIS_HOOKS: 'hooks',
      PICTURES: pictures,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (piece: Buffer) => (output += piece.toString()))
  await new Promise((done) => child.on('close', done))
  return { report: JSON.parse(readFileSync(report ?? '', 'utf8')) as SchemathesisReport, output }
}
