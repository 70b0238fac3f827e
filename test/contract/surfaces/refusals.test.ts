import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  actionRefusals,
  chatRefusals,
  executeRefusals,
  responsesRefusals,
  sqlRefusals,
} from '../../support/surfaces/native-refusals.ts'
import { appealRefusals, feedbackRefusals } from '../../support/surfaces/feedback-refusals.ts'
import { previewRefusals, searchRefusals, sourceRefusals, tableRefusals } from '../../support/surfaces/data-refusals.ts'
import { e2bRefusals } from '../../support/surfaces/e2b-refusals.ts'
import { containerFileRefusals, containerRefusals } from '../../support/surfaces/container-refusals.ts'
import {
  conversationRefusals,
  explanationRefusals,
  exportRefusals,
  fileRefusals,
  replayRefusals,
} from '../../support/surfaces/held-refusals.ts'
import { mcpRefusals } from '../../support/surfaces/mcp-refusals.ts'
import { jupyterRefusals } from '../../support/surfaces/jupyter-refusals.ts'
import { librechatRefusals } from '../../support/surfaces/librechat-refusals.ts'
import { refusalRows, type RefusingSurface } from '../../support/surfaces/refusal-rows.ts'
import { shareRefusals } from '../../support/surfaces/share-refusals.ts'
import { SurfaceService } from '../../support/surfaces/surface-service.ts'

/** Every surface; one that is added has a case, or a reason for none, in each row. */
const surfaces: readonly RefusingSurface[] = [
  executeRefusals,
  sqlRefusals,
  actionRefusals,
  chatRefusals,
  responsesRefusals,
  feedbackRefusals,
  appealRefusals,
  mcpRefusals,
  e2bRefusals,
  fileRefusals,
  conversationRefusals,
  exportRefusals,
  explanationRefusals,
  replayRefusals,
  sourceRefusals,
  tableRefusals,
  searchRefusals,
  previewRefusals,
  shareRefusals,
  librechatRefusals,
  containerRefusals,
  containerFileRefusals,
  jupyterRefusals,
]

let service: SurfaceService
beforeAll(async () => {
  service = await SurfaceService.start()
})
afterAll(() => service[Symbol.asyncDispose]())

describe.each(surfaces)('$name', ({ cases }) => {
  it.each(refusalRows.filter((row) => typeof cases[row] !== 'string'))(
    'refuses: %s, and the trail has it',
    async (row) => {
      const refusal = cases[row]
      if (typeof refusal === 'string') throw new Error(refusal)
      const before = service.audit().length
      const seen = await refusal.ask(service)
      expect(seen).toMatchObject({ status: refusal.status, code: refusal.code })
      if (refusal.says !== undefined) expect(seen.text).toMatch(refusal.says)
      if (refusal.hides !== undefined) expect(seen.text).not.toMatch(refusal.hides)
      const { audit } = refusal
      if (audit === null) return
      const since = () =>
        service
          .audit()
          .slice(before)
          .map(({ fact }) => fact)
      await expect.poll(since).toContainEqual(expect.objectContaining(audit))
    },
    120_000,
  )
})

describe('credentials that are nobody’s', () => {
  it('are refused by every surface, and gathered on the trail', async () => {
    await using other = await SurfaceService.start()
    const bodies = {
      '/v1/execute': { code: '1' },
      '/v1/sql': { statement: 'SELECT 1' },
      '/v1/chat/completions': {},
      '/v1/responses': {},
      '/v1/conversations': {},
      '/v2/sandboxes': {},
      '/mcp': {},
      '/v1/exec': {},
      '/jupyter/api/kernels': {},
    }
    for (const [path, body] of Object.entries(bodies)) {
      expect((await other.post(path, 'sp-nobody', body)).status).toBe(401)
    }
    await other.close()
    expect(other.audit().map(({ fact }) => fact)).toContainEqual(
      expect.objectContaining({ event: 'credentials-refused', count: 9, addresses: 1 }),
    )
  })
})
