import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createDockerImageSource } from '../../../../../src/sandbox/containers/docker/image-source.ts'
import { FakeDocker } from '../../../../support/sandbox/fake-docker.ts'

const never = new AbortController().signal
const image = 'sallyport:1'

let base: string
let target: string
let archive: Buffer

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'image-'))
  target = await mkdtemp(join(base, 'target-'))
  await writeFile(join(base, 'a.txt'), 'of the image')
  archive = spawnSync('tar', ['--create', '--file', '-', '--directory', base, 'a.txt']).stdout
})
afterAll(() => rm(base, { recursive: true }))

/** A daemon that has the image: it makes a container of it, exports it, and forgets it when it is removed. */
function daemon(exported: { readonly status?: number; readonly body?: unknown }) {
  return (request: string) => {
    if (request.startsWith('POST /containers/create')) return { status: 201, body: { Id: 'c1' } }
    if (request === 'GET /containers/c1/export') return exported
    return request.startsWith('DELETE /containers/c1') ? { status: 204, body: Buffer.alloc(0) } : undefined
  }
}

describe('an image of the Docker daemon', () => {
  it.each([
    [{ Env: ['PATH=/bin'] }, ['PATH=/bin']],
    [{ Env: null }, []],
    [{}, []],
  ])('is its digest and its environment: %j', async (config, environment) => {
    await using docker = await FakeDocker.start((request) =>
      request === 'GET /images/sallyport:1/json' ? { body: { Id: 'sha256:1', Config: config } } : undefined,
    )
    const source = createDockerImageSource({ socketPath: docker.socketPath, image })
    expect(await source.identify(never)).toEqual({ id: 'sha256:1', environment })
  })

  it('that is not there is a fault with what to do', async () => {
    await using docker = await FakeDocker.start(() => ({
      status: 404,
      body: { message: 'No such image: sallyport:1' },
    }))
    const source = createDockerImageSource({ socketPath: docker.socketPath, image })
    for (const asked of [source.identify(never), source.unpack(target, never)]) {
      await expect(asked).rejects.toMatchObject({
        code: 'sandbox-unavailable',
        message: 'The sandbox image is not on this host',
        advice: 'Run "sallyport doctor --fix": it builds the image.',
      })
    }
  })

  it('is unpacked by way of a container that is gone afterwards', async () => {
    await using docker = await FakeDocker.start(daemon({ body: archive }))
    await createDockerImageSource({ socketPath: docker.socketPath, image }).unpack(target, never)
    expect(await readFile(join(target, 'a.txt'), 'utf8')).toBe('of the image')
    expect(docker.asked).toEqual([
      expect.stringMatching(/^POST \/containers\/create\?name=sbx-unpack-[0-9a-f]{16}&Image=sallyport%3A1$/),
      'GET /containers/c1/export',
      'DELETE /containers/c1?force=true&v=true',
      'GET /containers/c1/json',
    ])
  })

  it.each([
    ['is no archive', { body: Buffer.alloc(10_240, 'x') }, /tar ended with status 2/],
    [
      'cannot be read',
      { status: 500, body: { message: 'disk failure' } },
      /Docker failed while unpacking the sandbox image: .*disk failure/s,
    ],
  ])('leaves no container when it %s', async (_what, exported, message) => {
    await using docker = await FakeDocker.start(daemon(exported))
    const source = createDockerImageSource({ socketPath: docker.socketPath, image })
    await expect(source.unpack(target, never)).rejects.toThrow(message)
    expect(docker.asked).toContain('DELETE /containers/c1?force=true&v=true')
  })

  it('of a daemon that is not there is a fault that says what it was for', async () => {
    const source = createDockerImageSource({ socketPath: join(base, 'absent.sock'), image })
    await expect(source.identify(never)).rejects.toThrow(
      /Docker does not answer .* while looking for the sandbox image/,
    )
    await expect(source.unpack(target, never)).rejects.toThrow(/Docker does not answer .* while unpacking/)
  })
})
