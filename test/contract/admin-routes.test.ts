import { randomUUID } from 'node:crypto'
import { Validator } from '@seriousme/openapi-schema-validator'
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ServiceError } from '../../src/core/errors.ts'
import type { ReadableTrail } from '../../src/surfaces/admin/audit.ts'
import { storageOptions, type StorageConfig } from '../../src/storage/options.ts'
import { exampleInput } from '../../src/gateway/authorize/example-inputs.ts'
import { openApiOf } from '../../src/surfaces/openapi/document.ts'
import { adminContract } from '../../src/surfaces/wire/admin/contract.ts'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster, type PostgresCluster } from '../support/databases/postgres-cluster.ts'
import { embeddedStorage, startAdmin, type AdminService } from '../support/http/admin-service.ts'
import { exampleSandbox } from '../support/http/operator-doubles.ts'
import { tuningDouble } from '../support/feedback/tuning-double.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

interface Operation {
  readonly operationId: string
  readonly parameters?: readonly { readonly name: string; readonly in: 'path' | 'query' }[]
  readonly requestBody?: { readonly content: { readonly 'application/json': { readonly schema: object } } }
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: object }>> }>
  >
}

interface Document {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: object
}

interface Walked {
  readonly operation: Operation
  readonly method: string
  readonly path: string
}

const document = openApiOf(adminContract) as unknown as Document
/** Those by which browsers sign in ask for no key and are asked in their own way: `surfaces/web-sessions.test.ts` does. */
const operations: readonly Walked[] = Object.entries(document.paths)
  .filter(([path]) => !path.startsWith('/admin/v1/web/'))
  .flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ operation, method: method.toUpperCase(), path })),
  )

const ajv = new Ajv2020({ strict: false })
// The package says that its module is its default.
const formats = addFormats as unknown as (validator: Ajv2020) => void
formats(ajv)
ajv.addSchema({ $id: 'document', components: document.components })

/** Compiled once for each: compiling took nine tenths of what an answer costs here. */
const compiled = new WeakMap<object, ValidateFunction>()

function validatorOf(schema: object): ValidateFunction {
  const known = compiled.get(schema)
  if (known !== undefined) return known
  const named = JSON.parse(JSON.stringify(schema).replaceAll('"#/components/', '"document#/components/')) as object
  const made = ajv.compile(named)
  compiled.set(schema, made)
  return made
}

/** Null where the value is as the schema says; else what is wrong with it. */
function faultOf(schema: object, value: unknown): string | null {
  const validate = validatorOf(schema)
  return validate(value) ? null : ajv.errorsText(validate.errors)
}

/** Bodies that are good, by operation; `KEY` in an address is a key that was made for the request. */
const good: Readonly<Record<string, unknown>> = {
  'keys.create': { name: 'alice', scopes: ['ask'], expires: { milliseconds: 60_000 } },
  'keys.rotate': { overlap_ms: 60_000 },
  'routes.explain': { body: '{"model": "m", "messages": []}' },
  'policy.explain': { decision: 'grant', input: exampleInput('grant') },
  'sources.check': {},
  'approvals.read': {},
  'approvals.decide': { verdict: 'allow' },
  'shares.read': {},
  'sandboxes.drain': { why: 'a new host' },
  'sandboxes.resume': {},
  'tuning.read': { values: true },
  'tuning.label': { item: 'cmp_1', rule: 'toxicity', truth: 'harmless', why: 'a quotation' },
  'tuning.dismiss': { why: 'about the price' },
  'tuning.set': { name: 'november', group: 'support', direction: 'outbound', rule: 'toxicity' },
  'tuning.propose': { set: 'november', costs: { false_block: 1, miss: 5 } },
  'tuning.shadow': { proposal: 'tpr_1', why: 'fewer quotations', bounds: { most_acted_ratio: 2 } },
  'tuning.canary': { share: 0.1, why: 'as simulated' },
  'tuning.promotion': { why: 'no complaint', digest: 'a'.repeat(64) },
  'tuning.rollback': { why: 'asked for' },
  'tuning.stop': { why: 'not needed' },
  'web-links.make': { listener: 'operators' },
}

/** What stands in the address of an operation on what is a double; others take a key or a suspension that is made for them. */
function example(path: string): string {
  if (path.includes('/sandboxes/')) return exampleSandbox.id
  if (path.includes('/sources/')) return 'shop'
  if (path.includes('/rollouts/')) return 'rol_1'
  return path.includes('/sets/') ? 'november' : 'cmp_1'
}

/** What is asked for is a double here, which no storage is under. */
const isOfDoubles = (path: string): boolean =>
  /^\/admin\/v1\/(?:tuning|sandboxes|approvals|overview|policy|models|sources|web-links)/.test(path)

/** What names something that is not there, where the address does not. */
const absent: Readonly<Record<string, { readonly query?: string; readonly body?: object }>> = {
  'tuning.label': { body: { item: 'dec-none', rule: 'toxicity', truth: 'harmless', why: 'w' } },
  'tuning.propose': { body: { set: 'none', false_positive_rate: 0.1 } },
  'tuning.curves': { query: '?set=none' },
  'tuning.simulate': { query: '?proposal=tpr_none' },
  'tuning.shadow': { body: { proposal: 'tpr_none', why: 'w' } },
}

const hostileTexts = [
  '../../etc/passwd',
  '%00',
  '%2e%2e%2fkeys',
  "' OR 1=1 --",
  '\u202e\u0000\u001b[2J',
  'x'.repeat(5_000),
  '-1',
  '1e999',
  'NaN',
  '{"$ne":null}',
  '__proto__',
]
const hostileBodies: readonly unknown[] = [
  null,
  [],
  'text',
  7,
  { name: 7 },
  { name: '' },
  { name: 'a', group: 'no-such-group' },
  { principal: 'nobody' },
  { principal: '../keys', person: '' },
  { name: 'a', scopes: ['root'] },
  { name: 'a', expires: { milliseconds: -1 } },
  { name: 'a', unknown: true },
  { body: '{"model": "unknown"}' },
  { body: '{"model": ' },
  '{"__proto__": {"scopes": ["admin"]}, "name": "a", "toString": 1}',
  '{"name": "a", "name": "b"}',
  '{"name": ',
  `${'['.repeat(200)}${']'.repeat(200)}`,
]

const failing = (thrown: () => Error): Partial<ReadableTrail> => ({
  search() {
    throw thrown()
  },
  verify: () => Promise.reject(thrown()),
})

const problem = ensureServer()
if (problem !== null) process.stderr.write(`SKIPPED: the routes for operators over PostgreSQL, ${problem}\n`)
let cluster: PostgresCluster | null = null
beforeAll(async () => {
  if (problem === null) cluster = await startCluster()
})
afterAll(() => cluster?.[Symbol.asyncDispose]())

async function serverStorage(): Promise<StorageConfig> {
  const name = `admin_${randomUUID().replaceAll('-', '')}`
  await cluster?.execute(`CREATE DATABASE ${name}`)
  const url = cluster?.primaryUrl.replace(/\/postgres$/, `/${name}`)
  return {
    storage: storageOptions.parse({ kind: 'postgresql', url }),
    state_directory: temporaryFolder('sallyport-admin-'),
  }
}

/** Asks operations in every way of these, and notes which statuses they were answered with. */
class Walk {
  readonly operations: readonly Walked[]
  readonly seen = new Map<string, Set<string>>()
  readonly faults: string[] = []

  constructor(asked: readonly Walked[]) {
    this.operations = asked
  }

  async note({ operation }: Walked, how: string, answer: Response): Promise<void> {
    const { operationId: id, responses } = operation
    const status = String(answer.status)
    this.seen.set(id, (this.seen.get(id) ?? new Set()).add(status))
    const documented = responses[status]
    if (documented === undefined) {
      this.faults.push(`${id}, ${how}: ${status} is not in the document`)
      return
    }
    const type = (answer.headers.get('content-type') ?? '').split(';')[0] ?? ''
    const text = await answer.text()
    const schema = documented.content?.[type]?.schema
    if (documented.content === undefined ? text !== '' : schema === undefined) {
      this.faults.push(`${id}, ${how}: ${status} is answered with "${type}"`)
    } else if (schema !== undefined) {
      const fault = faultOf(schema, JSON.parse(text))
      if (fault !== null) {
        this.faults.push(`${id}, ${how}: ${status} is not as documented: ${fault} in ${text.slice(0, 300)}`)
      }
    }
    if (answer.headers.has('access-control-allow-origin')) this.faults.push(`${id}, ${how}: CORS`)
  }

  async ask(service: AdminService, how: string, headers: Record<string, string> = {}): Promise<void> {
    for (const walked of this.operations) {
      const body = await bodyFor(service, walked)
      const path = await pathFor(service, walked)
      await this.note(walked, how, await service.ask(walked.method, path, body, headers))
    }
  }
}

/** The address of an operation, of something that was made for it. */
async function pathFor(service: AdminService, { path }: Walked): Promise<string> {
  if (path === '/admin/v1/limits') return `${path}?principal=${service.keyId}`
  if (path === '/admin/v1/tuning/simulation') return `${path}?proposal=tpr_1`
  if (path === '/admin/v1/tuning/curves') return `${path}?set=november`
  if (path.includes('/approvals/')) return path.replace('{id}', await askedOf(service))
  if (path.includes('/shares/')) return path.replace('{id}', await service.makeShare())
  if (isOfDoubles(path)) return path.replace('{id}', example(path))
  if (!path.includes('{id}')) return path
  const { id } = (await service.keys.create('made', 'default')).stored
  if (!path.includes('/suspensions/')) return path.replace('{id}', id)
  const request = { principal: id, person: null, note: null, lasts: null }
  return path.replace('{id}', (await service.suspensions.add(request, 'local')).id)
}

/** The id of an approval that waits. */
async function askedOf(service: AdminService): Promise<string> {
  const question = { tool: 'run_sql', language: 'sql', source: 'shop', text: 'SELECT 1', rules: [], reason: 'Look.' }
  const asker = { id: randomUUID(), group: 'default' }
  return (await service.approvals.ask(asker, { ...question, digest: '0'.repeat(64), requestId: 'r1' })).id
}

/** A good body of an operation; undefined where it takes none. */
async function bodyFor(service: AdminService, { operation }: Walked): Promise<unknown> {
  if (operation.requestBody === undefined) return undefined
  const body = good[operation.operationId]
  if (body !== undefined) return body
  return { principal: (await service.keys.create('made', 'default')).stored.id, lasts: { milliseconds: 60_000 } }
}

const fill = (path: string, id: string): string => path.replace('{id}', id)

describe('the OpenAPI document of the operators’ routes', () => {
  it('is one of OpenAPI 3.1, as a validator of others reads it', async () => {
    verifies('admin.document')
    const validator = new Validator()
    const found = await validator.validate(structuredClone(document) as never)
    expect(found).toEqual({ valid: true })
    expect(validator.version).toBe('3.1')
  })
})

/** Of the key that asks: what needs another scope beside admin is answered, too. */
const scopes = ['admin', 'approve'] as const

const stores = [
  { store: 'a file', skip: false, storage: async () => embeddedStorage(), asked: operations },
  {
    store: 'a server',
    skip: problem !== null,
    storage: serverStorage,
    asked: operations.filter(({ path }) => !isOfDoubles(path)),
  },
]

describe.each(stores)('the operators’ routes over $store', ({ skip, storage, asked }) => {
  it.skipIf(skip)('answer as their document says, and with every status that it names', async () => {
    verifies('admin.document', 'admin.contract')
    const walk = new Walk(asked)
    {
      await using service = await startAdmin({ scopes, tuning: tuningDouble, storage: await storage() })
      await walk.ask(service, 'as it should be')
      await walk.ask(service, 'without a key', { authorization: '' })
      await walk.ask(service, 'with a key of another scope', {
        authorization: `Bearer ${await service.makeKey(['ask'])}`,
      })
      await walk.ask(service, 'from a page', { origin: 'https://evil.example' })
      await walk.ask(service, 'in another form', { 'content-type': 'text/plain' })
      await hostile(walk, service)
    }
    {
      await using service = await startAdmin({ scopes, tuning: tuningDouble, storage: await storage(), mostGuesses: 1 })
      await service.ask('GET', '/admin/v1/keys', undefined, { authorization: 'Bearer sp-wrong' })
      await walk.ask(service, 'with keys that are nobody’s', { authorization: 'Bearer sp-wrong' })
    }
    const faults = [
      { fault: new Error('a fault inside') },
      { fault: new ServiceError('storage-unavailable', 'The storage is full.') },
    ]
    for (const fault of faults) {
      await using service = await startAdmin({ scopes, tuning: tuningDouble, storage: await storage(), ...fault })
      await walk.ask(service, fault.fault.message)
    }
    {
      await using service = await startAdmin({
        scopes,
        tuning: tuningDouble,
        storage: await storage(),
        isTrailBroken: true,
      })
      await walk.ask(service, 'where the trail cannot be written')
    }
    {
      const trail = failing(() => new ServiceError('not-found', 'No audit trail is kept.'))
      await using service = await startAdmin({ scopes, tuning: tuningDouble, storage: await storage(), trail })
      await walk.ask(service, 'where no trail is kept')
    }
    expect(walk.faults).toEqual([])
    const wanted = asked.map(({ operation }) => [operation.operationId, Object.keys(operation.responses).toSorted()])
    const seen = asked.map(({ operation: { operationId } }) => [
      operationId,
      [...(walk.seen.get(operationId) ?? [])].toSorted(),
    ])
    expect(seen).toEqual(wanted)
  })
})

/** An id of the right form that names nothing. */
function unknownId(path: string): string {
  if (path.includes('/sandboxes/')) return 'isolate-1'
  if (path.includes('/sources/')) return 'none'
  if (path.includes('/approvals/')) return 'apr-none'
  if (path.includes('/shares/')) return `shr_${randomUUID().replaceAll('-', '')}`
  return `${prefixOf(path)}${randomUUID()}`
}

function prefixOf(path: string): string {
  if (path.includes('/suspensions/')) return 'susp_'
  if (path.includes('/rollouts/')) return 'rol_'
  return path.includes('/queue/') ? 'cmp_' : ''
}

async function hostile(walk: Walk, service: AdminService): Promise<void> {
  for (const walked of walk.operations) {
    const { operation, method, path } = walked
    const body = await bodyFor(service, walked)
    const names = (place: 'path' | 'query') => (operation.parameters ?? []).filter((each) => each.in === place)
    for (const text of hostileTexts) {
      if (names('path').length > 0 && text !== '../../etc/passwd') {
        const at = fill(path, text.startsWith('%') ? text : encodeURIComponent(text))
        await walk.note(walked, `of ${text.slice(0, 20)}`, await service.ask(method, at, body))
      }
      for (const { name } of names('query')) {
        const at = `${fill(path, service.keyId)}?${name}=${encodeURIComponent(text)}`
        await walk.note(walked, `with ${name}=${text.slice(0, 20)}`, await service.ask(method, at, body))
      }
    }
    const there = await pathFor(service, walked)
    await walk.note(
      walked,
      'with a query that is not known',
      await service.ask(method, `${there}${there.includes('?') ? '&' : '?'}unknown=1`, body),
    )
    if (names('query').length > 0) {
      await walk.note(walked, 'with a query twice', await service.ask(method, `${there}?limit=1&limit=2`, body))
    }
    if (path === '/admin/v1/limits') {
      const at = `${path}?principal=${randomUUID()}`
      await walk.note(walked, 'of nobody', await service.ask(method, at))
    }
    if (names('path').length > 0) {
      const at = fill(path, unknownId(path))
      await walk.note(walked, 'of what is not there', await service.ask(method, at, body))
    }
    const { query = '', body: ofNothing = body } = absent[operation.operationId] ?? {}
    if (Object.hasOwn(absent, operation.operationId)) {
      await walk.note(walked, 'of what is not there', await service.ask(method, `${path}${query}`, ofNothing))
    }
    if (operation.requestBody === undefined) continue
    for (const given of hostileBodies) {
      const how = `with ${JSON.stringify(given).slice(0, 60)}`
      const at = await pathFor(service, walked)
      await walk.note(walked, how, await service.ask(method, at, given === null ? 'null' : given))
    }
    await walk.note(walked, 'too large', await service.ask(method, there, { name: 'x'.repeat(100_000) }))
  }
}
