import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { examplePython } from '../../setup/example.mjs'
import { invalidKinds } from '../../src/cli/incident/kinds/invalid-kinds.ts'
import { sallyport } from '../support/cli/sallyport-process.ts'
import { verifies } from '../support/verifies.ts'

const python = await examplePython('image-classifier').catch((error: Error) => error.message)
const isThere = typeof python !== 'string'

const way = z.object({
  requests: z.int(),
  invalid: z.int(),
  invalid_at_model: z.int(),
  server_errors: z.int(),
  cost: z.int(),
  valid: z.object({ requests: z.int(), served: z.int() }),
  kinds: z.record(z.string(), z.record(z.string(), z.int())),
})
const report = z.object({ without: way, with_sallyport: way, broken_promises: z.array(z.string()) })

describe.skipIf(!isThere)(`demo --upstream${isThere ? '' : `, whose Python is not here: ${python}`}`, () => {
  it('lets nothing invalid reach the model, answers no 5xx and serves valid callers', async () => {
    verifies('endpoints.incident')
    const size = ['--requests', '500', '--rate', '40']
    const { code, stdout, stderr } = await sallyport(['demo', '--upstream', ...size, '--output', 'json'])
    expect(stderr).toContain('500 requests, 40 a second')
    const { without, with_sallyport: guarded, broken_promises: broken } = report.parse(JSON.parse(stdout))
    expect({ code, broken }).toEqual({ code: 0, broken: [] })
    const valid = { requests: 25, served: 25 }
    expect(guarded).toMatchObject({ requests: 500, invalid: 475, invalid_at_model: 0, server_errors: 0, valid })
    // Each valid call was billed once, and nothing else was.
    expect(guarded.cost).toBe(25 * 400)
    expect(Object.keys(guarded.kinds).toSorted()).toEqual(invalidKinds.map(({ name }) => name).toSorted())
    const statuses = Object.entries(guarded.kinds).map(([kind, counts]) => [kind, Object.keys(counts)])
    for (const [, seen] of statuses) for (const status of seen ?? []) expect(status).toMatch(/^4\d\d$/)
    // The same traffic, where nobody guards it.
    expect(without).toMatchObject({ requests: 500, invalid: 475 })
    expect(without.invalid_at_model).toBeGreaterThan(150)
    expect(without.server_errors).toBeGreaterThan(150)
  })
})
