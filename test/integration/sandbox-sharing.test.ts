import { readdir, readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readState, stateFolder } from '../../setup/state.mjs'
import type { SandboxEvent } from '../../src/core/facts.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'

const never = new AbortController().signal
/** The key of string hashes, where the heap lies and where a library lies, all drawn when an interpreter starts. */
const drawn = "import numpy\nprint(hash('tenant'), id(numpy), open('/proc/self/maps').readline().split('-')[0])"

/** Device and inode of each file on the host that processes of a sandbox have mapped, gVisor's own program left out. */
async function mappedFiles(id: string): Promise<ReadonlySet<string>> {
  const folders = [`/sys/fs/cgroup/memory/sallyport/${id}`, `/sys/fs/cgroup/sallyport/${id}`]
  const lists = await Promise.all(folders.map((path) => readFile(join(path, 'cgroup.procs'), 'utf8').catch(() => '')))
  const pids = lists.join('').trim().split('\n')
  const maps = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/maps`, 'utf8').catch(() => '')))
  const program = (await stat(readState().runsc?.path ?? '')).ino
  const files = maps.flatMap((text) => text.split('\n')).map((line) => line.split(/ +/))
  return new Set(
    files
      .filter(([, , , , inode]) => Number(inode) > 0 && Number(inode) !== program)
      .map((line) => `${line[3]} ${line[4]}`),
  )
}

async function pair(sharing: 'read-only' | 'none') {
  const origins: string[] = []
  const onEvent = (event: SandboxEvent) => {
    if (event.type === 'sandbox-start') origins.push(event.origin)
  }
  // A copy is a thousand megabytes, and the disk may have other work.
  const pool = { queue_ms: 300_000 }
  await using engine = createTestRunscEngine({ settings: { sharing, pool }, onEvent })
  await using first = await engine.claim({ tenant: 'ann', language: 'python' }, never)
  await using second = await engine.claim({ tenant: 'bob', language: 'python' }, never)
  const say = async (sandbox: Sandbox) => {
    const result = await sandbox.run(unvetted(drawn), {}, never)
    expect(result.outcome).toBe('ok')
    return result.stdout.text.trim().split(' ')
  }
  const [said, others] = [await say(first), await say(second)]
  const [files, othersFiles] = [await mappedFiles(first.id), await mappedFiles(second.id)]
  const copies = await readdir(join(stateFolder(), 'runsc/copies')).catch(() => [])
  return {
    origins,
    ids: [first.id, second.id],
    copies,
    drawnAlike: said.filter((value, index) => value === others[index]).length,
    values: said.length,
    mapped: files.size,
    mappedAlike: [...files].filter((file) => othersFiles.has(file)).length,
  }
}

describe('sandboxes of two tenants', () => {
  it('share files of the image and what their checkpoint drew, where they may share what they only read', async () => {
    const { origins, drawnAlike, values, mappedAlike } = await pair('read-only')
    expect(origins).toEqual(['snapshot', 'snapshot'])
    expect(drawnAlike).toBe(values)
    expect(mappedAlike).toBeGreaterThan(10)
  })

  it('share neither a checkpoint nor a file where they may share nothing, and their copies go with them', async () => {
    const { origins, ids, copies, drawnAlike, mapped, mappedAlike } = await pair('none')
    expect(origins).toEqual(['cold', 'cold'])
    expect(drawnAlike).toBe(0)
    expect(mapped).toBeGreaterThan(10)
    expect(mappedAlike).toBe(0)
    expect(copies).toEqual(expect.arrayContaining(ids))
    const left = await readdir(join(stateFolder(), 'runsc/copies'))
    for (const id of ids) expect(left).not.toContain(id)
  })
})
