import { describe, expect, it } from 'vitest'
import { errorCodes, errorTable } from '../../../src/core/error-table.ts'
import { documentedErrors } from '../../support/http/error-docs.ts'

describe('C1: the table of errors', () => {
  it('is the documented one', () => {
    const documented = documentedErrors().map(({ code, status, after }) => [code, status, after])
    const told = errorCodes
      // Callers are told `internal` instead.
      .filter((code) => code !== 'invalid-config')
      .map((code) => {
        const { status, retryAfterSeconds } = errorTable[code]
        const known = retryAfterSeconds === null ? 'never' : `${retryAfterSeconds} s`
        return [code, status, code === 'rate-limited' ? 'true seconds' : known]
      })
    expect(documented).toEqual(told)
  })
})
