import { describe, expect, it } from 'vitest'
import { compileOperations } from '../../../src/endpoints/contract/operations.ts'
import { findOperation } from '../../../src/endpoints/find-operation.ts'

const responses = { 200: { description: 'x' } }
const id = { name: 'id', in: 'path', required: true, schema: {} }
const operations = compileOperations({
  version: '3.1',
  root: {
    paths: {
      '/a/{id}': { parameters: [id], get: { operationId: 'one', responses }, put: { operationId: 'put', responses } },
      '/a/me': { get: { operationId: 'me', responses } },
      '/a/{id}.json': { parameters: [id], delete: { operationId: 'json', responses } },
      '/b': { post: { responses } },
    },
  },
})
const find = (method: string, path: string) => {
  const { operation, texts } = findOperation(operations, method, path)
  return [operation.name, Object.fromEntries(texts)]
}

describe('the operation of a call', () => {
  it.each([
    ['GET', '/a/7', ['one', { id: '7' }]],
    ['PUT', '/a/7', ['put', { id: '7' }]],
    ['GET', '/a/me', ['me', {}]],
    ['DELETE', '/a/7.json', ['json', { id: '7' }]],
    ['POST', '/b', ['POST /b', {}]],
  ])('%s %s is %j', (method, path, found) => {
    expect(find(method, path)).toEqual(found)
  })

  it.each(['/', '/b/', '/B', '/a', '/a/7/8', '//b', '/%62'])('is none at another path: %s', (path) => {
    expect(() => find('GET', path)).toThrow(
      expect.objectContaining({ code: 'not-found', message: `The endpoint has nothing at ${path}.` }),
    )
  })

  it.each([
    ['POST', '/a/7', 'GET, PUT'],
    // What says more stands first, and what says less is not asked.
    ['PUT', '/a/me', 'GET'],
    ['GET', '/a/7.json', 'DELETE'],
    ['post', '/b', 'POST'],
  ])('is none by another method, and says which there are: %s %s', (method, path, allowed) => {
    expect(() => find(method, path)).toThrow(
      expect.objectContaining({
        code: 'method-not-allowed',
        message: `${method} is not allowed on ${path}.`,
        advice: `It takes ${allowed}.`,
        headers: ['allow', allowed],
      }),
    )
  })

  it('says long methods and paths in short', () => {
    expect(() => find('G'.repeat(30), '/b')).toThrow(`${'G'.repeat(20)} is not allowed on /b.`)
    expect(() => find('GET', `/${'c'.repeat(300)}`)).toThrow(new RegExp(`at /c{199}\\.$`))
  })
})
