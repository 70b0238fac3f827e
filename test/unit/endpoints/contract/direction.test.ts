import { describe, expect, it } from 'vitest'
import type { OpenApiDocument } from '../../../../src/endpoints/contract/document.ts'
import type { Direction } from '../../../../src/endpoints/contract/direction.ts'
import { Schemas } from '../../../../src/endpoints/contract/schemas.ts'
import { documentWith } from '../../../support/endpoints/document.ts'
import { guardedService } from '../../../support/endpoints/guarded-service.ts'
import { verifies } from '../../../support/verifies.ts'

const user = {
  type: 'object',
  required: ['id', 'name', 'password'],
  additionalProperties: false,
  properties: {
    id: { type: 'integer', readOnly: true },
    name: { type: 'string' },
    password: { type: 'string', writeOnly: true },
  },
}
const stamp = { type: 'string', readOnly: true }
const schemas = { User: user, Stamp: stamp, Self: { allOf: [{ $ref: '#/components/schemas/Self' }] } }

function faultOf(schema: object, value: unknown, direction: Direction, version: OpenApiDocument['version'] = '3.1') {
  const check = new Schemas({ version, root: { components: { schemas } } }, direction).compile(schema, '/schema')
  return check(value)
}

const whole = { id: 1, name: 'a', password: 'p' }
const { id, password, ...named } = whole

describe('a member that goes one way', () => {
  it.each([
    ['3.0', 'request', { ...named, password }, null],
    ['3.1', 'request', { ...named, password }, null],
    ['3.1', 'request', whole, '.id is read-only'],
    ['3.0', 'request', whole, '.id is read-only'],
    ['3.1', 'request', named, " must have required property 'password'"],
    ['3.0', 'response', { ...named, id }, null],
    ['3.1', 'response', { ...named, id }, null],
    ['3.1', 'response', whole, '.password is write-only'],
    ['3.0', 'response', whole, '.password is write-only'],
    ['3.1', 'response', named, " must have required property 'id'"],
  ] as const)('of %s is neither asked for nor taken on the other: %s %j', (version, direction, value, words) => {
    verifies('endpoints.directions')
    const fault = faultOf({ $ref: '#/components/schemas/User' }, value, direction, version)
    if (words === null) expect(fault).toBeNull()
    else expect(`${fault?.place} ${fault?.reason}`.replace(/^ +/, ' ')).toContain(words)
  })

  it.each([
    ['in another schema of its allOf', { allOf: [{ properties: { at: stamp } }, { required: ['at'] }] }, {}],
    ['around its allOf', { required: ['at'], allOf: [{ properties: { at: stamp } }] }, {}],
    ['in a branch beside it', { properties: { at: stamp }, oneOf: [{ required: ['at'] }] }, {}],
    ['by a reference', { required: ['at'], properties: { at: { $ref: '#/components/schemas/Stamp' } } }, {}],
    [
      'in elements',
      {
        type: 'array',
        items: { required: ['at'], properties: { at: { allOf: [{ $ref: '#/components/schemas/Stamp' }] } } },
      },
      [{}],
    ],
  ])('is found where it is required %s', (_where, schema, value) => {
    verifies('endpoints.directions')
    expect(faultOf(schema, value, 'request')).toBeNull()
    expect(faultOf(schema, value, 'response')?.reason).toContain("must have required property 'at'")
    const sent = JSON.parse(JSON.stringify(value).replace('{}', '{"at":"now"}')) as unknown
    expect(faultOf(schema, sent, 'request')?.reason).toContain('read-only')
    expect(faultOf(schema, sent, 'response')).toBeNull()
  })

  it('ends where a schema leads back to itself', () => {
    expect(() => faultOf({ $ref: '#/components/schemas/Self' }, {}, 'request')).toThrow('leads back to itself')
  })

  it('does not reach the service, and no secret of it comes back', async () => {
    verifies('endpoints.directions')
    const content = { 'application/json': { schema: user } }
    const operation = { requestBody: { required: true, content }, responses: { 200: { description: 'x', content } } }
    await using guarded = await guardedService({ document: documentWith({ operation }) })
    const answering = (value: object): void => {
      guarded.behind.answer = (_request, response) =>
        void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value))
    }
    answering({ id, ...named })
    expect((await guarded.call({ ...named, password })).status).toBe(200)
    const forged = await guarded.call(whole)
    expect(await forged.json()).toMatchObject({
      status: 400,
      detail: 'body.id is read-only: the service sets it, and callers leave it out.',
    })
    expect(guarded.behind.requests).toHaveLength(1)
    answering({ ...whole, password: 'a secret' })
    const leaking = await guarded.call({ ...named, password })
    expect(leaking.status).toBe(502)
    expect(await leaking.text()).not.toContain('a secret')
  })
})
