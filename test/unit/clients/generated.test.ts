import { readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { generatedFiles } from '../../../clients/generate/generated-files.ts'
import { ShapeReader } from '../../../clients/generate/document.ts'
import { readOffered } from '../../../clients/generate/operations.ts'
import { pythonModule } from '../../../clients/generate/write-python.ts'
import { operatorTypes } from '../../../clients/generate/write-operator-types.ts'
import { typeScriptFiles } from '../../../clients/generate/write-typescript.ts'
import { verifies } from '../../support/verifies.ts'

const root = resolve(import.meta.dirname, '../../..')

describe('the generated clients', () => {
  it('are what the OpenAPI document makes them: `npm run clients` writes them anew', () => {
    verifies('clients.generated')
    verifies('web.operate-routes')
    const files = generatedFiles(root)
    const stale = [...files].filter(([path, text]) => readFileSync(join(root, path), 'utf8') !== text)
    expect(stale.map(([path]) => path)).toEqual([])
    const there = readdirSync(join(root, 'src/client/generated')).map((name) => `src/client/generated/${name}`)
    expect(there.toSorted()).toEqual([...files.keys()].filter((path) => path.startsWith('src/client')).toSorted())
  })
})

const problem = { type: 'object', properties: { code: { type: 'string' } }, required: ['code'] }

const documentWith = (operation: object, schemas: object = {}) => ({
  paths: { '/v1/files/{id}': { post: { operationId: 'files.show', summary: 'One.', responses: {}, ...operation } } },
  components: { schemas: { Problem: problem, ...schemas } },
})
const answer = (schema: object) => ({ responses: { 200: { content: { 'application/json': { schema } } } } })
const body = (schema: object) => ({ requestBody: { content: { 'application/json': { schema } } } })

function written(document: object) {
  const offered = readOffered(document as { readonly [name: string]: unknown })
  return { python: pythonModule(offered), typeScript: [...typeScriptFiles(offered).values()].join('\n') }
}

describe('what clients are generated from', () => {
  it.each([
    [
      'a word that is not known',
      answer({ type: 'object', properties: {}, patternProperties: {} }),
      'patternProperties',
    ],
    ['a type that is not known', answer({ type: 'tuple' }), 'tuple'],
    ['a reference that leads nowhere', answer({ $ref: '#/components/schemas/Gone' }), 'is nowhere'],
    ['a body that is no object', body({ type: 'array', items: {} }), 'no object'],
    [
      'a header that the clients do not send',
      { parameters: [{ name: 'X-Mode', in: 'header', schema: { type: 'string' } }] },
      'X-Mode',
    ],
    [
      'a query beside a body',
      { ...body({ type: 'object', properties: {} }), parameters: [{ name: 'a', in: 'query', schema: {} }] },
      'query beside a body',
    ],
  ])('is refused: %s', (_what, operation, said) => {
    expect(() => written(documentWith(operation))).toThrow(said)
  })

  it('never has two types of one name', () => {
    const reader = new ShapeReader({})
    const one = { type: 'object', properties: { a: { type: 'string' } } }
    reader.shapeOf(one, 'One')
    expect(reader.shapeOf(one, 'One')).toEqual({ kind: 'named', name: 'One' })
    expect(() => reader.shapeOf({ type: 'object', properties: { b: { type: 'string' } } }, 'One')).toThrow('called One')
  })

  it('takes a nameless component for any JSON only where it is', () => {
    const own = { anyOf: [{ type: 'string' }, { type: 'array', items: { $ref: '#/components/schemas/__schema0' } }] }
    const document = documentWith(answer({ $ref: '#/components/schemas/__schema0' }), { __schema0: own })
    expect(() => written(document)).toThrow('has no name')
  })

  it('cannot write code by its texts', () => {
    const about = '*/ evil() /* """ + evil() + """ \\" \n evil()'
    const properties = { a: { type: 'string', enum: ["'; evil() //", '"; evil() #\\'], description: about } }
    const { python, typeScript } = written(
      documentWith({ summary: about, ...answer({ type: 'object', description: about, properties }) }),
    )
    expect(typeScript).toContain("'\\'; evil() //'")
    expect(typeScript.match(/\*\//g)?.length).toBe(typeScript.match(/\/\*\*/g)?.length)
    expect(python).toContain('Literal["\'; evil() //", "\\"; evil() #\\\\"]')
    expect(python.match(/"""/g)?.length ?? 1).toSatisfy((count: number) => count % 2 === 0)
    expect(python).not.toMatch(/^ *evil/m)
  })

  it.each(['a-b', 'from', 'class', 'lambda', '1st', 'Grüße'])(
    'has a member that Python cannot write as a name, as an entry: %s',
    (name) => {
      const about = 'One.\n# Two.'
      const schema = { type: 'object', properties: { [name]: { type: 'string', description: about } } }
      const { python } = written(documentWith(answer(schema)))
      expect(python).toContain(`    # One. # Two.\n    "${name}": "NotRequired[str]",\n})`)
      expect(python).not.toMatch(new RegExp(`^    ${name}:`, 'm'))
    },
  )

  it('sends whether it streams by which method is called', () => {
    const properties = { code: { type: 'string' }, stream: { type: 'boolean' } }
    const events = { 'x-event': { type: 'object', properties: { type: { type: 'string' } } }, 'x-last-event': 'result' }
    const content = { 'application/json': { schema: {} }, 'text/event-stream': events }
    const operation = { ...body({ type: 'object', properties }), responses: { 200: { content } } }
    const { python, typeScript } = written(documentWith(operation))
    expect(typeScript).not.toContain('readonly stream')
    expect(typeScript).toContain("body: { ...body, stream: true }, last: 'result'")
    expect(python).toContain('"stream": True')
    expect(python).toContain('def show_stream(')
  })
})

describe('the types of the routes for operators', () => {
  const routes = (schemas: object, operation: object) =>
    operatorTypes(readOffered(documentWith(operation, schemas), { isOffered: () => true, hasUnionBodies: true }))

  it('say of each route what it takes and answers with, and have no type that no route has', () => {
    const one = { type: 'object', properties: { unit: { type: 'string' } }, required: ['unit'] }
    const written = routes({ One: one }, { ...body(one), ...answer({ $ref: '#/components/schemas/One' }) })
    expect(written).toContain(
      "readonly 'POST /v1/files/{id}': { readonly query: null; readonly body: FilesShowRequest; readonly answer: One }",
    )
    expect(written).toContain('export interface One {\n  readonly unit: string\n}')
    expect(written).not.toContain('Problem')
  })

  it('tell objects of one member apart by the members that not all of them have', () => {
    const either = (name: string) => ({ type: 'object', properties: { [name]: { type: 'string' } }, required: [name] })
    const written = routes({}, answer({ oneOf: [either('until'), either('milliseconds')] }))
    expect(written).toContain('readonly answer: FilesShowAnswerUntil | FilesShowAnswerMilliseconds')
  })

  it('call an object that may be null otherwise than the type that it is a part of', () => {
    const nullable = { anyOf: [{ type: 'object', properties: { p50: { type: 'integer' } } }, { type: 'null' }] }
    const written = routes({ Latency: nullable }, answer({ $ref: '#/components/schemas/Latency' }))
    expect(written).toContain('export type Latency = LatencyValue | null')
  })

  it('take a body that is one of several objects, each by the word that tells it from the others', () => {
    const one = (word: string) => ({
      type: 'object',
      properties: { decision: { type: 'string', const: word }, input: { type: 'string' } },
      required: ['decision', 'input'],
    })
    const written = routes({}, { ...body({ oneOf: [one('grant'), one('payload')] }), ...answer({ type: 'string' }) })
    expect(written).toContain('export type FilesShowRequest = FilesShowRequestGrant | FilesShowRequestPayload')
    expect(written).toContain('readonly body: FilesShowRequest; readonly answer: string')
    const called = routes(
      { Asked: { oneOf: [one('grant'), one('payload')] } },
      body({ $ref: '#/components/schemas/Asked' }),
    )
    expect(called).toContain('export type Asked = AskedGrant | AskedPayload')
    expect(called).toContain('readonly body: Asked; readonly answer: undefined')
  })

  it('name no text that any text stands for', () => {
    const schema = { anyOf: [{ type: 'string', enum: ['hour'] }, { type: 'string' }, { type: 'null' }] }
    expect(routes({}, answer(schema))).toContain('readonly answer: string | null')
  })
})
