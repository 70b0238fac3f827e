import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { errorCodes, errorTable, type ErrorCode } from '../../../src/core/error-table.ts'
import { documentedErrors } from '../../support/http/error-docs.ts'
import { verifies } from '../../support/verifies.ts'

describe('C1: the table of errors', () => {
  it('is the documented one', () => {
    verifies('errors.table')
    const documented = documentedErrors().map(({ code, status, after }) => [code, status, after])
    const told = errorCodes
      // Callers read `internal` instead.
      .filter((code) => code !== 'invalid-config')
      .map((code) => {
        const { status, retryAfterSeconds } = errorTable[code]
        const known = retryAfterSeconds === null ? 'never' : `${retryAfterSeconds} s`
        return [code, status, code === 'rate-limited' ? 'true seconds' : known]
      })
    expect(documented).toEqual(told)
  })

  it('has the exit codes that the README lists', () => {
    verifies('cli.exit-codes')
    const readme = readFileSync(resolve(import.meta.dirname, '../../../README.md'), 'utf8').replace(/\s+/g, ' ')
    const listed = /Exit codes: ([^.]+)\./.exec(readme)?.[1]?.split(' · ') ?? []
    const meanings = new Map(listed.map((entry) => [Number.parseInt(entry, 10), entry.replace(/^\d+ /, '')]))
    const expected: Partial<Record<ErrorCode, string>> = {
      internal: 'failure',
      'invalid-config': 'usage or configuration',
      'invalid-request': 'usage or configuration',
      refused: 'refused',
      unauthenticated: 'not authorized',
      forbidden: 'not authorized',
      'sandbox-unavailable': 'no sandbox',
      'quota-exceeded': 'quota',
      'rate-limited': 'quota',
      'model-unavailable': 'model endpoint',
      'deadline-exceeded': 'time limit',
      cancelled: 'interrupted',
    }
    const told = Object.keys(expected).map((code) => [code, meanings.get(errorTable[code as ErrorCode].exitCode)])
    expect(Object.fromEntries(told)).toEqual(expected)
    expect(errorCodes.filter((code) => !meanings.has(errorTable[code].exitCode))).toEqual([])
  })
})
