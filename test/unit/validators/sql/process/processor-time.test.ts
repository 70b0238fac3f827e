import { expect, it } from 'vitest'
import { processorMilliseconds } from '../../../../../src/validators/sql/process/processor-time.ts'

it('tells the processor time of a process, and null of one that is not there', () => {
  expect(processorMilliseconds(process.pid)).toBeGreaterThan(0)
  expect(processorMilliseconds(2 ** 30)).toBeNull()
})
