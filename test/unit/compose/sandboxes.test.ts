import { describe, expect, it } from 'vitest'
import { openSandboxes } from '../../../src/compose/sandboxes.ts'
import { ignoreActivity } from '../../../src/core/activity.ts'
import type { SandboxEvent } from '../../../src/core/facts.ts'
import { isolateOptions } from '../../../src/sandbox/isolates/options.ts'
import { sandboxOptions } from '../../../src/sandbox/options.ts'

describe('sandboxes that are opened before the rest', () => {
  it('keep what happens until somebody listens, in order, and tell the rest at once', async () => {
    const config = {
      // Nothing listens there, so every start fails.
      sandbox: sandboxOptions.parse({ driver: 'docker', docker_socket: '/nowhere/docker.sock' }),
      isolate: isolateOptions.parse({ ready: 0 }),
    }
    const { sandboxes, tell } = openSandboxes(config, ignoreActivity)
    await using _ = sandboxes
    sandboxes.keepWarm()
    const events: SandboxEvent[] = []
    // The engine reports that it could not be warmed.
    await expect(sandboxes.available()).rejects.toMatchObject({ code: 'sandbox-unavailable' })
    expect(events).toEqual([])
    tell((event) => events.push(event))
    await expect.poll(() => events.map(({ type }) => type)).toEqual(['sandbox-fault'])
  })
})
