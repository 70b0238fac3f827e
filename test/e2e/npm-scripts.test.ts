import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { cleanEnvironment } from '../support/cli/sallyport-process.ts'

const root = resolve(import.meta.dirname, '../..')

/** npm in a group of processes of its own, so that whatever it leaves can be ended by the group's number. */
function startNpm(words: readonly string[]): ChildProcess {
  return spawn('npm', words, {
    cwd: root,
    env: cleanEnvironment({ SALLYPORT_HTTP_PORT: '0', SALLYPORT_HTTP_DRAIN_GRACE_MS: '0' }),
    stdio: ['ignore', 'pipe', 'inherit'],
    detached: true,
  })
}

async function addressOf(child: ChildProcess): Promise<string> {
  let banner = ''
  for await (const chunk of child.stdout ?? []) {
    banner += String(chunk)
    const [, url] = /listens on (https?:\S+)[^]*curl/.exec(banner) ?? []
    if (url !== undefined) return url
  }
  throw new Error(`The service ended with: ${banner}`)
}

function endGroup({ pid = 0 }: ChildProcess): void {
  try {
    process.kill(-pid, 'SIGKILL')
  } catch (error) {
    // Nobody of it is left.
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error
  }
}

describe('a service that npm has started', () => {
  it.each(['SIGTERM', 'SIGINT'] as const)('ends with npm, on %s', async (signal) => {
    const child = startNpm(['run', '-s', 'sallyport', '--', 'serve'])
    onTestFinished(() => endGroup(child))
    const url = await addressOf(child)
    expect((await fetch(`${url}/livez`)).status).toBe(200)
    const ended = once(child, 'exit')
    child.kill(signal)
    expect(await ended).toEqual([0, null])
    await expect(fetch(`${url}/livez`)).rejects.toThrow('fetch failed')
  })
})
