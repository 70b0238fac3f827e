import { describe, expect, it } from 'vitest'
import { key } from '../support/http/http-service.ts'
import { conformanceFixture } from '../support/mcp/conformance-fixture.ts'
import { serveConformance, serveWithKey } from '../support/mcp/conformance-service.ts'
import { startMcpService } from '../support/mcp/mcp-service.ts'
import { runConformance } from '../support/mcp/run-conformance.ts'
import { verifies } from '../support/verifies.ts'

/** Scenarios of what a revision requires, and how many of them count. */
const revisions = [
  { revision: '2026-07-28', scored: 37 },
  { revision: '2025-11-25', scored: 30 },
]

/** Scenarios that want no tools of their own. */
const generic = [
  ...[
    'server-stateless',
    'tools-list',
    'resources-list',
    'sep-2164-resource-not-found',
    'dns-rebinding-protection',
  ].map((scenario) => ({ scenario, revision: '2026-07-28' })),
  ...['server-initialize', 'ping', 'tools-list', 'resources-list', 'dns-rebinding-protection'].map((scenario) => ({
    scenario,
    revision: '2025-11-25',
  })),
]

/** What a scenario cannot test without a tool that only its own fixture has. */
const untestable = /does not list|Not testable|not found/i

describe('the conformance suite of MCP', () => {
  it.each(revisions)(
    'passes every scenario that $revision requires, with a server of its own at our endpoint',
    {
      timeout: 240_000,
    },
    async ({ revision, scored }) => {
      verifies('mcp.conformance')
      await using service = await serveConformance(() => conformanceFixture().server)
      const report = await runConformance(service.url, { requirements: revision })
      expect(report.scored.filter((line) => !line.endsWith(' 0 failed'))).toEqual([])
      expect(report.scored).toHaveLength(scored)
      expect(report.code).toBe(0)
    },
  )

  it.each(generic)(
    'passes $scenario of $revision with the tools of the product',
    {
      timeout: 120_000,
    },
    async ({ scenario, revision }) => {
      verifies('mcp.conformance')
      await using service = await startMcpService()
      await using keyed = await serveWithKey(service.url, key)
      const report = await runConformance(keyed.url, { scenario, revision })
      expect(report.text).toMatch(/[1-9]\d* passed|Passed: [1-9]\d*/)
      expect(report.failures.filter((failure) => !untestable.test(failure))).toEqual([])
    },
  )
})
