import { ServiceError } from '../../../core/errors.ts'

/**
 * The oldest release this driver is known to work with, as a day. Under 20240729 the keeper that the supervisor starts
 * ended at once, and every sandbox waited for its worker in vain; what lies between the two was not tried.
 */
const oldestRelease = '20260601'

/**
 * Refuses a program that is not runsc and a release that is too old. `said` is what `runsc --version` printed. A build
 * without a date passes.
 */
export function checkRelease(binary: string, said: string): void {
  if (!said.startsWith('runsc version')) throw new ServiceError('sandbox-unavailable', `${binary} is not runsc`)
  const day = /(?<!\d)20\d{6}(?!\d{7,})/.exec(said.split('\n', 1)[0] ?? '')?.[0]
  if (day === undefined || day >= oldestRelease) return
  throw new ServiceError(
    'sandbox-unavailable',
    `${binary} is of ${day}; the runsc driver works with releases from ${oldestRelease} on`,
    { advice: 'Run "sallyport doctor --fix" where a newer one can be had, or set sandbox.driver to docker.' },
  )
}
