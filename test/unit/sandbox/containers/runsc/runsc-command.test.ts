import { chmodSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createProofRecords, type ProofRecords } from '../../../../../src/sandbox/containers/proof-records.ts'
import { createRunsc } from '../../../../../src/sandbox/containers/runsc/runsc-command.ts'
import { startHere } from '../../../../../src/sandbox/containers/runsc/sandbox-process.ts'

const never = new AbortController().signal
const flags = '--root /state --network=none --platform=systrap --host-uds=none --host-fifo=none --overlay2=none'
let folder: string

/** A program that stands for runsc. */
function program(name: string, script: string): string {
  const path = join(folder, name)
  writeFileSync(path, `#!/bin/sh\n${script}\n`)
  chmodSync(path, 0o755)
  return path
}

function runsc(binary: string, rootless = false, records?: ProofRecords) {
  return createRunsc({ binary, stateFolder: '/state', rootless, records, start: startHere })
}

async function runscAfterAsking(binary: string) {
  const each = runsc(binary)
  await each.identify(never)
  return each
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'runsc-'))
})
afterAll(() => rmSync(folder, { recursive: true }))

describe('runsc', () => {
  it('is called with its flags before the command, and with nothing of this environment', async () => {
    const echo = program('echo', 'echo "$@"; env | grep -v "^PWD=\\|^SHLVL=\\|^_="')
    expect(await runsc(echo).call(['state', 'sbx-1'], never)).toBe(
      `${flags} state sbx-1\nPATH=/usr/sbin:/usr/bin:/sbin:/bin\n`,
    )
  })

  it('gets the flags for a host without root and cgroups', async () => {
    const echo = program('echo-rootless', 'echo "$@"')
    expect(await runsc(echo, true).call(['state'], never)).toBe(`${flags} --rootless --ignore-cgroups state\n`)
  })

  it('uses a flag that its release knows, in every call after', async () => {
    const knowing = program('knowing', 'echo "$@"')
    const each = runsc(knowing)
    const identity = await each.identify(never)
    expect(identity).toBe(`${flags} --systrap-disable-fast-path --version\n${flags} --systrap-disable-fast-path`)
    expect(await each.call(['state'], never)).toBe(`${flags} --systrap-disable-fast-path state\n`)
    const child = await each.launch(['run', 'sbx-1'], folder)
    expect(await text(child.output)).toBe(`${flags} --systrap-disable-fast-path run sbx-1\n`)
  })

  it('goes without a flag that its release does not know', async () => {
    const old = program('old', 'case "$*" in *fast-path*) echo unknown flag >&2; exit 2;; esac; echo "$@"')
    const each = runsc(old)
    expect(await each.identify(never)).toBe(`${flags} --version\n${flags}`)
    expect(await each.call(['state'], never)).toBe(`${flags} state\n`)
  })

  it.each([
    ['knows', ''],
    ['does not know', 'case "$*" in *fast-path*) exit 2;; esac; '],
  ])('is asked once while its binary stays the same, also where it %s a flag', async (_, refusal) => {
    const records = createProofRecords(join(realpathSync(folder), 'proofs'))
    const counted = join(folder, 'counted')
    writeFileSync(counted, '')
    const script = `echo asked >> ${counted}; ${refusal}echo "$@"`
    const path = program('remembered', script)
    const times = () => readFileSync(counted, 'utf8').split('asked').length - 1
    const identity = await runsc(path, false, records).identify(never)
    const before = times()
    const again = runsc(path, false, records)
    expect(await again.identify(never)).toBe(identity)
    expect(times()).toBe(before)
    expect(await again.call(['state'], never)).toBe(
      await runscAfterAsking(path).then((each) => each.call(['state'], never)),
    )
    expect(await runsc(path, true, records).identify(never)).toContain('--rootless')
    program('remembered', `${script} # changed`)
    const after = times()
    await runsc(path, false, records).identify(never)
    expect(times()).toBeGreaterThan(after)
  })

  it('has nothing to read, so that a call never waits for input', async () => {
    const reader = program('reader', 'cat; echo done')
    expect(await runsc(reader).call(['state'], never)).toBe('done\n')
  })

  it('fails with the last of what it said, on either stream', async () => {
    const failing = program('failing', `printf '%01000d' 0; echo out; echo wrong >&2; exit 3`)
    const fault = await runsc(failing)
      .call(['create', 'sbx-1'], never)
      .catch((thrown: unknown) => thrown as Error)
    expect(fault).toMatchObject({ code: 'sandbox-unavailable' })
    expect((fault as Error).message).toMatch(/^runsc create failed: 0+out\nwrong$/)
    expect((fault as Error).message).toHaveLength('runsc create failed: '.length + 300)
  })

  it('that is not there is a fault with advice', async () => {
    await expect(runsc(join(folder, 'missing')).call(['state'], never)).rejects.toMatchObject({
      code: 'sandbox-unavailable',
      message: expect.stringMatching(/^runsc cannot be run: .*ENOENT/),
      advice: 'Run "sallyport doctor --fix": it installs runsc.',
    })
  })

  it('is ended when the call is given up, with its reason', async () => {
    const slow = program('slow', 'exec sleep 600')
    const stop = new AbortController()
    const call = runsc(slow).call(['wait'], stop.signal)
    const identity = runsc(slow).identify(stop.signal)
    identity.catch(() => {})
    setTimeout(() => stop.abort(new Error('changed my mind')), 50)
    await expect(call).rejects.toThrow('changed my mind')
    await expect(identity).rejects.toThrow('changed my mind')
  })

  it('forgets what was written down about one sandbox, and of no other', async () => {
    const stateFolder = mkdtempSync(join(folder, 'state-'))
    const kept = ['sbx-1_sandbox:sbx-1.state', 'sbx-11_sandbox:sbx-11.state', 'runsc-sbx-11.sock', 'null-netns']
    const names = ['sbx-2_sandbox:sbx-2.state', 'sbx-2_sandbox:sbx-2.lock', 'runsc-sbx-2.sock', ...kept]
    for (const name of names) writeFileSync(join(stateFolder, name), '')
    const each = createRunsc({ binary: 'runsc', stateFolder, rootless: false, start: startHere })
    await each.forget('sbx-2')
    await each.forget('sbx-2')
    expect(readdirSync(stateFolder).toSorted()).toEqual(kept.toSorted())
  })

  it('hands a sandbox its own streams', async () => {
    const child = await runsc(program('cat', 'exec cat')).launch(['run'], folder)
    child.input.end('through')
    expect(await text(child.output)).toBe('through')
    expect(await child.ended).toBe(0)
  })
})
