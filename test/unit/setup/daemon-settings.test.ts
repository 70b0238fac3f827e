import { mkdtempSync, readFileSync, rmSync, writeFileSync, existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import {
  isOurRuntime,
  registerRuntime,
  RUNTIME,
  runtimeArguments,
  withRuntime,
} from '../../../setup/daemon-settings.mjs'
import { verifies } from '../../support/verifies.ts'

let folder: string
let file: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sallyport-daemon-'))
  file = join(folder, 'docker', 'daemon.json')
})
afterEach(() => rmSync(folder, { recursive: true }))

const read = () => JSON.parse(readFileSync(file, 'utf8'))

describe("adding the runtime to Docker's settings", () => {
  it('keeps foreign runtimes and every other setting', () => {
    verifies('setup.keeps-docker-settings')
    const before = {
      'log-driver': 'journald',
      runtimes: { nvidia: { path: 'nvidia-container-runtime', runtimeArgs: [] }, runsc: { path: '/usr/bin/runsc' } },
      'default-runtime': 'nvidia',
    }
    const after = withRuntime(before, '/opt/runsc')
    expect(after).toMatchObject(before)
    expect(Object.keys(after['runtimes'])).toEqual(['nvidia', 'runsc', RUNTIME])
  })

  it('cuts the network off in the runtime itself', () => {
    verifies('setup.runtime-without-network')
    const ours = withRuntime({}, '/opt/runsc')['runtimes'][RUNTIME]
    expect(ours.path).toBe('/opt/runsc')
    expect(ours.runtimeArgs).toContain('--network=none')
  })

  it('makes the file and its folder where there is none, and changes nothing the second time', () => {
    expect(registerRuntime(file, '/opt/runsc')).toBe(true)
    expect(read().runtimes[RUNTIME].path).toBe('/opt/runsc')
    expect(registerRuntime(file, '/opt/runsc')).toBe(false)
  })

  it.each([
    ['adds the argument for speed where the binary knows it', 'exit 0', true],
    ['leaves it out where the binary does not', '[ "$1" != --systrap-disable-fast-path ]', false],
  ])('%s', (_claim, script, expected) => {
    const binary = join(folder, 'runsc')
    writeFileSync(binary, `#!/bin/sh\n${script}\n`, { mode: 0o755 })
    const given = runtimeArguments(binary)
    expect(given).toContain('--network=none')
    expect(given.includes('--systrap-disable-fast-path')).toBe(expected)
    expect(isOurRuntime({ path: binary, runtimeArgs: given }, binary)).toBe(true)
  })

  it('keeps a copy of what stood there before, the first time only', () => {
    registerRuntime(file, '/opt/old')
    writeFileSync(file, '{"debug": true}')
    registerRuntime(file, '/opt/one')
    registerRuntime(file, '/opt/two')
    expect(readFileSync(`${file}.before-sallyport`, 'utf8')).toBe('{"debug": true}')
    expect(read()).toMatchObject({ debug: true, runtimes: { [RUNTIME]: { path: '/opt/two' } } })
  })

  it.each(['{ "debug": true,', '[]', '"text"'])('leaves a file it cannot read whole as it is: %s', (text) => {
    registerRuntime(file, '/opt/runsc')
    writeFileSync(file, text)
    expect(() => registerRuntime(file, '/opt/runsc')).toThrow(`${file} is not a JSON object`)
    expect(readFileSync(file, 'utf8')).toBe(text)
    expect(existsSync(`${file}.new`)).toBe(false)
  })

  it('takes a file of blanks for an empty one', () => {
    registerRuntime(file, '/opt/runsc')
    writeFileSync(file, '\n')
    expect(registerRuntime(file, '/opt/runsc')).toBe(true)
  })
})

describe('recognizing the runtime', () => {
  const ours = withRuntime({}, '/opt/runsc')['runtimes'][RUNTIME]

  it('accepts it as it was registered', () => expect(isOurRuntime(ours, '/opt/runsc')).toBe(true))
  it('refuses another binary', () => expect(isOurRuntime(ours, '/opt/other')).toBe(false))
  it('refuses one that may have a network', () =>
    expect(isOurRuntime({ ...ours, runtimeArgs: ['--platform=systrap'] })).toBe(false))
  it('refuses one without arguments', () => expect(isOurRuntime({ path: '/opt/runsc', runtimeArgs: null })).toBe(false))
  it('refuses none', () => expect(isOurRuntime(undefined)).toBe(false))
})
