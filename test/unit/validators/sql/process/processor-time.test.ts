import { expect, it } from 'vitest'
import { processorMilliseconds } from '../../../../../src/validators/sql/process/processor-time.ts'

it('tells the processor time of a process, the time in the kernel included, and null of one that is not there', () => {
  const { user, system } = process.cpuUsage()
  // Two ticks of a hundredth of a second may not be counted yet.
  expect(processorMilliseconds(process.pid)).toBeGreaterThan((user + system) / 1_000 - 20)
  expect(system / 1_000).toBeGreaterThan(20)
  expect(processorMilliseconds(2 ** 30)).toBeNull()
})
