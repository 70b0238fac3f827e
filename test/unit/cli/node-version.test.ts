import { describe, expect, it } from 'vitest'
import { nodeProblem } from '../../../src/cli/node-version.ts'

describe('the version of Node', () => {
  it('is refused below what is needed, with a way to the right one', () => {
    expect(nodeProblem('24.0.0')).toBeNull()
    expect(nodeProblem('20.20.2')).toMatch(
      /^Node 20\.20\.2 is too old; Sallyport needs 24 or later\.\n.*npm ran no scripts/,
    )
  })
})
