import { expect, it } from 'vitest'
import { checkEndpoints, contractOf } from '../../../src/endpoints/check-endpoints.ts'
import { endpointsOptions } from '../../../src/endpoints/options.ts'
import { documentFile, documentWith } from '../../support/endpoints/document.ts'

const optionsWith = (settings: object) =>
  endpointsOptions.parse({
    shapes: { document: documentFile(documentWith()), base_url: 'http://127.0.0.1:1', ...settings },
  })

it('endpoints are checked by their names and operations', async () => {
  expect(await checkEndpoints(optionsWith({ operations: { predict: { price: 1 } } }))).toEqual([
    { name: 'shapes', operations: ['predict'] },
  ])
  expect(await checkEndpoints({})).toEqual([])
})

it('an endpoint has no settings for an operation that its document does not have', async () => {
  const { shapes } = optionsWith({ operations: { predict: { price: 1 }, draw: { price: 1 } } })
  if (shapes === undefined) throw new Error('There is no endpoint.')
  await expect(contractOf('shapes', shapes)).rejects.toMatchObject({
    code: 'invalid-config',
    message: 'endpoints.shapes.operations.draw: the document has no such operation.',
    advice: 'It has: predict.',
  })
})
