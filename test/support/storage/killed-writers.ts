import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect } from 'vitest'
import type { Storage } from '../../../src/storage/storage.ts'

const flags = ['--disable-warning=ExperimentalWarning']

export interface Acknowledged {
  readonly child: ChildProcess
  /** What was said in full so far: `id NAME` and `key NAME`. */
  said(): readonly string[]
  /** Resolves with the first that is said. */
  readonly began: Promise<unknown>
  kill(): Promise<void>
}

/** A process that writes into the storage of these options, and says of each that it was acknowledged. */
export function startWriter(options: object, folder: string, name: string): Acknowledged {
  const script = join(import.meta.dirname, 'writing-process.ts')
  const child = spawn(process.execPath, [...flags, script, JSON.stringify(options), folder, name], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let text = ''
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()))
  const gone = once(child, 'close')
  return {
    child,
    // What follows the last line end was not said in full.
    said: () => text.split('\n').slice(0, -1),
    began: once(child.stdout, 'data'),
    kill: async () => {
      child.kill('SIGKILL')
      await gone
    },
  }
}

/** Starts writers two at a time, so that one is killed while the other goes on, each at a moment of its own. */
export async function killWriters(options: object, folder: string, count: number): Promise<readonly string[]> {
  const said: string[] = []
  const killOne = async (name: string): Promise<void> => {
    const writer = startWriter(options, folder, name)
    await writer.began
    await sleep(Math.random() * 60)
    await writer.kill()
    said.push(...writer.said())
  }
  for (let round = 0; round < count; round += 2) {
    await Promise.all([killOne(`${round}`), killOne(`${round + 1}`)])
  }
  return said
}

/** Is everything there that was said to be? */
export async function expectKept({ keys, ownedIds }: Storage, said: readonly string[]): Promise<void> {
  const ids = said.flatMap((line) => (line.startsWith('id ') ? [line.slice(3)] : []))
  const kept = await ownedIds.owners('u', ids)
  const known = new Set((await keys.list()).map(({ id }) => `key ${id}`))
  expect(ids.filter((id) => kept.get(id) !== 'p')).toEqual([])
  expect(said.filter((line) => line.startsWith('key ') && !known.has(line))).toEqual([])
}
