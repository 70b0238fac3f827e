import { ServiceError } from '../../../src/core/errors.ts'
import { WalledMediaChecker } from '../../../src/media/media-checker.ts'

// A child for the tests of decoders: it asks for one and says what it was told.

await using checker = new WalledMediaChecker({
  processes: 1,
  waiting: 1,
  picturesPerProcess: 1,
  deadlineMilliseconds: 1000,
  memoryMegabytes: 64,
})
try {
  await checker.warm(new AbortController().signal)
  process.send?.('warm')
} catch (error) {
  process.send?.(error instanceof ServiceError ? { code: error.code, advice: error.advice } : String(error))
}
process.disconnect?.()
