import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { launchSandbox, pidName } from '../../../../../src/sandbox/containers/runsc/launch.ts'
import type { Runsc } from '../../../../../src/sandbox/containers/runsc/runsc-command.ts'
import { readOwner } from '../../../../../src/sandbox/engine/owner.ts'
import { createLimits } from '../../../../../src/sandbox/limits.ts'
import { sandboxOptions } from '../../../../../src/sandbox/options.ts'
import { temporaryFolder } from '../../../../support/temporary-folder.ts'
import { verifies } from '../../../../support/verifies.ts'

const never = new AbortController().signal
const id = 'sbx-00000000000000ee'

/** A runtime that says at once that its sandbox is up, and a trace that is heard or not; what was done with both. */
async function launched(connected: Promise<void>) {
  const seen = { trace: '', killed: 0, forgotten: 0 }
  const runsc: Runsc = {
    identify: async () => 'double',
    call: async () => '',
    forget: async () => {},
    launch: async (_command, folder, trace = '') => {
      seen.trace = trace
      await writeFile(join(folder, pidName), String(process.pid))
      return {
        input: new PassThrough(),
        output: new PassThrough(),
        said: () => '',
        ended: new Promise(() => {}),
        kill: () => void (seen.killed += 1),
      }
    },
  }
  const watch = {
    configPath: '/run/trace.json',
    connected,
    lost: new Promise<string>(() => {}),
    forget: async () => void (seen.forgotten += 1),
  }
  const started = launchSandbox(
    { id, owner: await readOwner(), limits: createLimits(sandboxOptions.parse({}).limits) },
    {
      runsc,
      bundleFolder: temporaryFolder('launch-'),
      copy: null,
      config: {},
      hasCgroups: false,
      snapshot: null,
      tracer: { watch: async () => watch, [Symbol.asyncDispose]: async () => {} },
    },
    never,
  )
  const failure = await started.then(
    () => null,
    (thrown: Error) => thrown.message,
  )
  return { failure, seen }
}

describe('the start of a sandbox that is to be heard', () => {
  it('is whole when its kernel is connected', async () => {
    const { failure, seen } = await launched(Promise.resolve())
    expect({ failure, seen }).toEqual({
      failure: null,
      seen: { trace: '/run/trace.json', killed: 0, forgotten: 0 },
    })
  })

  it('fails where its kernel is not, although the runtime says that it is up', async () => {
    verifies('detection.unheard')
    const connected = Promise.reject(new Error('nobody listens'))
    connected.catch(() => {})
    const { failure, seen } = await launched(connected)
    expect({ failure, seen }).toEqual({
      failure: 'nobody listens',
      seen: { trace: '/run/trace.json', killed: 1, forgotten: 1 },
    })
  })
})
