import { ServiceError } from '../../../core/errors.ts'

/**
 * The oldest release this driver works with, as a day. Under older ones (seen with 20240729) the supervisor does not get
 * the capabilities it starts the keeper with, and every sandbox would wait for its worker in vain.
 */
const oldestRelease = '20260601'

/** Refuses what is no runsc, and a release too old; takes what `runsc --version` says. A build without a date passes. */
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
