import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, it } from 'vitest'
import { serviceDefaults } from '../../../src/config/service-defaults.ts'
import { loadConfig } from '../../../src/config/load.ts'
import { verifies } from '../../support/verifies.ts'

const root = resolve(import.meta.dirname, '../../..')
const defaults = serviceDefaults
const { config } = loadConfig({ variables: { HOME: '/nowhere' }, workingDirectory: '/', flags: {}, defaults })
const { http, filters, sandbox, databases } = config

const seconds = (milliseconds: number) => `${milliseconds / 1_000} s`
const grouped = (count: number) => count.toLocaleString('en')

describe('a default that the documents name', () => {
  it.each([
    ['docs/operations.md', `listens on ${http.host}:${http.port}`],
    ['docs/operations.md', `\`http.drain_grace_ms\` (${seconds(http.drain_grace_ms)})`],
    ['docs/operations.md', `\`http.reader_timeout_ms\` (${seconds(http.reader_timeout_ms)})`],
    ['SECURITY.md', `listens on ${http.host} unless told otherwise`],
    ['docs/filters.md', `| \`filters.deadline_ms\` | ${grouped(filters.deadline_ms)} |`],
    ['docs/filters.md', `| \`filters.maximum_result_characters\` | ${grouped(filters.maximum_result_characters)} |`],
    ['docs/filters.md', `| \`filters.maximum_turn_characters\` | ${grouped(filters.maximum_turn_characters)} |`],
    ['docs/sql-gate.md', `\`databases.ledger.maximum_rows\` (${grouped(databases.ledger.maximum_rows)})`],
    ['docs/benchmarks.md', `The \`${sandbox.driver}\` driver, the default of \`serve\``],
  ])('is the one of the configuration: %s, %s', (document, words) => {
    verifies('serve.defaults')
    const text = readFileSync(resolve(root, document), 'utf8').replace(/\s+/g, ' ')
    expect(text).toContain(words)
  })

  it('is the one of the configuration: what has no living owner is removed every minute', () => {
    expect(sandbox.sweep_ms).toBe(60_000)
    expect(readFileSync(resolve(root, 'docs/architecture.md'), 'utf8')).toContain('at start-up and every minute')
  })
})
