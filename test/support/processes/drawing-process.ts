import { WalledMediaChecker } from '../../../src/media/media-checker.ts'
import { drawn } from '../media/drawn-pictures.ts'
import { roomy } from '../media/limits.ts'

/** A program that has one picture drawn anew, and tells who started it what became of that. */

await using checker = new WalledMediaChecker({
  processes: 1,
  waiting: 1,
  picturesPerProcess: 10,
  deadlineMilliseconds: 60_000,
  memoryMegabytes: 512,
})
const demand = { sender: 'ann', declaredType: null, limits: roomy }
const told = await checker
  .check(drawn.png, demand, new AbortController().signal)
  .catch((error: Error) => ({ kind: 'failed', message: error.message }))
process.send?.(told)
