import { ServiceError } from '../../core/errors.ts'
import type { SandboxOperations } from '../../core/sandbox-operations.ts'
import {
  drainSandboxes,
  endSandbox,
  listSandboxes,
  resumeSandboxes,
  toSandboxes,
  toSandboxesState,
  toTrace,
  traceSandbox,
} from '../wire/admin/sandboxes.ts'
import { answers, type AdminRoute } from './handlers.ts'

/** Draining and resuming stand before the address of one sandbox, which they would be taken for. */
export function sandboxRoutes(sandboxes: SandboxOperations): readonly AdminRoute[] {
  const state = async () => toSandboxesState(await sandboxes.seen())
  return [
    answers(listSandboxes, async () => toSandboxes(await sandboxes.seen())),
    answers(drainSandboxes, async () => {
      await sandboxes.drain()
      return state()
    }),
    answers(resumeSandboxes, async () => {
      sandboxes.resume()
      return state()
    }),
    answers(traceSandbox, async ({ params: { id } }) => {
      const trace = await sandboxes.trace(id)
      if (trace !== null) return toTrace(id, trace)
      throw new ServiceError('not-found', 'Nothing was heard of a sandbox of this id in the process that was asked.', {
        advice: 'Traces are there where sandbox.detection is on, of the last 200 sandboxes since the start.',
      })
    }),
    answers(endSandbox, async ({ params: { id } }) => {
      if (await sandboxes.end(id)) return
      throw new ServiceError('not-found', 'There is no sandbox of this id in the process that was asked.', {
        advice: 'GET /admin/v1/sandboxes lists those that there are.',
      })
    }),
  ]
}
