import { ServiceError } from '../../../src/core/errors.ts'
import { pictureProbe } from '../../../src/compose/picture-probe.ts'
import { WalledMediaChecker } from '../../../src/media/media-checker.ts'

// A child for the tests of decoders: it asks for one, has the probe ask too, and says what it was told.

const never = new AbortController().signal
await using checker = new WalledMediaChecker({
  processes: 1,
  waiting: 1,
  picturesPerProcess: 1,
  deadlineMilliseconds: 1000,
  memoryMegabytes: 64,
})
const probe = await pictureProbe.run(never)
try {
  await checker.warm(never)
  process.send?.({ probe })
} catch (error) {
  process.send?.({ probe, ...(error instanceof ServiceError ? { code: error.code, advice: error.advice } : {}) })
}
process.disconnect?.()
