import { afterAll, beforeAll } from 'vitest'
import { fileOf, FilesSource } from '../support/databases/files-source.ts'
import { describeAnyDatabase } from './database-contract.ts'

let source: FilesSource
const rows = Array.from({ length: 1_200 }, (_, index) => `${index + 1},name ${index + 1}`)

beforeAll(async () => {
  source = new FilesSource({ orders: fileOf('orders.csv', `id,name\n${rows.join('\n')}\n`) })
  await source.database.catalog(AbortSignal.timeout(120_000))
})
afterAll(() => source[Symbol.asyncDispose]())

describeAnyDatabase('files', () => ({
  database: source.database,
  readable: 'public.orders',
  forbidden: 'public.not_there',
}))
