import { describe, expect, it } from 'vitest'
import { checkRelease } from '../../../../../src/sandbox/containers/runsc/release.ts'

describe('the release of runsc', () => {
  it.each(['release-20260810.0', '0.0.0-20260905035102-160fafc42237', 'release-20260601.0', 'VERSION_MISSING'])(
    'is accepted: %s',
    (version) => {
      expect(() => checkRelease('/x/runsc', `runsc version ${version}\nspec: 1.2.0\n--network=none`)).not.toThrow()
    },
  )

  it('is refused by its day when it cannot start the keeper, with what to do', () => {
    const check = () => checkRelease('/x/runsc', 'runsc version 0.0~20240729.0\nspec: 1.2.0\n')
    expect(check).toThrow('/x/runsc is of 20240729; the runsc driver works with releases from 20260601 on')
    expect(check).toThrow(
      expect.objectContaining({ code: 'sandbox-unavailable', advice: expect.stringContaining('sandbox.driver') }),
    )
  })

  it('is refused when it is something else', () => {
    expect(() => checkRelease('/bin/true', '')).toThrow('/bin/true is not runsc')
  })
})
