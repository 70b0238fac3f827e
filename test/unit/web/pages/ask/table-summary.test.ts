import { describe, expect, it } from 'vitest'
import { bytesInWords, kindName, tableSummary } from '../../../../../src/web/pages/ask/table-summary.ts'

const finding = (rule: string, message: string) => ({ rule, message })

describe('the line over a table', () => {
  it.each([
    [{ rowCount: 1, findings: [], truncated: null }, '1 row'],
    [{ rowCount: 1_247, findings: [], truncated: null }, '1,247 rows'],
    [
      {
        rowCount: 10_000,
        findings: [
          finding('filter/pii-email', '3 values were replaced by [email].'),
          finding('filter/pii-email', '1 value was replaced by [email].'),
          finding('filter/secrets-api-key', '1 value was replaced by [secret].'),
          finding('filter/link-foreign', '2 foreign links or pictures were disarmed.'),
        ],
        truncated: 'rows',
      },
      '10,000 rows · e-mail, secrets api key masked · truncated at 10,000',
    ],
    [{ rowCount: 12, findings: [], truncated: 'bytes' }, '12 rows · truncated: too many bytes'],
    [{ rowCount: 5, of: 20, findings: [], truncated: null }, '5 rows of 20'],
    [{ rowCount: 5, findings: [], maskedColumns: ['pay'], truncated: null }, '5 rows · pay masked'],
  ] as const)('%j is %s', (table, words) => {
    expect(tableSummary(table)).toBe(words)
  })

  it('names kinds of values as people do', () => {
    expect(['pii/email', 'pii/phone', 'filter/pii-iban'].map(kindName)).toEqual(['e-mail', 'phone', 'IBAN'])
  })

  it('says sizes of files in decimal units', () => {
    expect([0, 999, 1_000, 28_723, 9_949_999, 31_000_000, 2e12].map(bytesInWords)).toEqual([
      '0 bytes',
      '999 bytes',
      '1.0 kB',
      '29 kB',
      '9.9 MB',
      '31 MB',
      '2000 GB',
    ])
  })
})
