import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { podLacks, toKubernetes } from '../../../src/sandbox/containers/kubernetes/to-kubernetes.ts'
import { toDocker } from '../../../src/sandbox/containers/docker/to-docker.ts'
import { toOci } from '../../../src/sandbox/containers/runsc/to-oci.ts'
import { type Isolation, isolationOf, users } from '../../../src/sandbox/isolation.ts'
import { createLimits } from '../../../src/sandbox/limits.ts'
import { sandboxLimitOptions } from '../../../src/sandbox/options.ts'

const isolation = isolationOf(createLimits(sandboxLimitOptions.parse({})))
const renderers: Readonly<Record<string, (isolation: Isolation) => object>> = {
  toDocker,
  toOci,
  toKubernetes: (given) => toKubernetes(given, { cpus: 9, memoryBytes: 2 ** 50 }),
}
/** What a Pod cannot be told: the node decides it, and the driver declares what it cannot show. */
const unsaid: Readonly<Record<string, readonly string[]>> = { toKubernetes: ['.tasks', '.oomScoreAdjustment'] }

/** Every value that differs from this one in one place, each with the path of the place. */
function alterations(value: unknown, path = ''): readonly (readonly [path: string, altered: unknown])[] {
  if (typeof value === 'number') return [[path, value + 4096]]
  if (typeof value === 'boolean') return [[path, !value]]
  if (typeof value === 'string') return [[path, `${value}x`]]
  if (value === null) return [[path, 7]]
  if (Array.isArray(value)) {
    const items = value.flatMap((item, index) =>
      alterations(item, `${path}[${index}]`).map(([place, altered]) => [place, value.with(index, altered)] as const),
    )
    return [...items, [`the length of ${path}`, value.length === 0 ? ['CAP_X'] : value.slice(1)]]
  }
  const members = value as object
  return Object.entries(members).flatMap(([name, item]) =>
    alterations(item, `${path}.${name}`).map(([place, altered]) => [place, { ...members, [name]: altered }] as const),
  )
}

/** As text; a renderer that refuses what it does not know shows that it read it. */
function rendered(render: (isolation: Isolation) => object, value: Isolation): string {
  try {
    return JSON.stringify(render(value))
  } catch (thrown) {
    return String(thrown)
  }
}

describe.each(Object.entries(renderers))('%s', (name, render) => {
  const told = alterations(isolation).filter(([path]) => unsaid[name]?.includes(path) !== true)

  it.each(told)('renders %s', (_path, altered) => {
    expect(rendered(render, altered as Isolation)).not.toBe(rendered(render, isolation))
  })
})

it('what processes may hold is added under either runtime, and nothing is where they may hold nothing', () => {
  const given = { ...isolation, capabilities: ['CAP_X', 'CAP_Y'] }
  expect(toDocker(given).HostConfig.CapAdd).toEqual(['CAP_X', 'CAP_Y'])
  expect(toDocker(isolation).HostConfig).not.toHaveProperty('CapAdd')
  expect(toOci(given).process).toMatchObject({ capabilities: { bounding: expect.arrayContaining(['CAP_X', 'CAP_Y']) } })
})

it('a Pod is given no isolation that it cannot hold', () => {
  const requests = { cpus: 1, memoryBytes: 1 }
  for (const given of [{ capabilities: ['CAP_X'] }, { swapBytes: 1 }, { network: 'host' as never }]) {
    expect(() => toKubernetes({ ...isolation, ...given }, requests)).toThrow('a Pod cannot be given this isolation')
  }
  expect(podLacks).toContain('hostTasks')
})

it('swap is on top of the memory, under either runtime', () => {
  const given = { ...isolation, sandboxMemoryBytes: 1_000_000, swapBytes: 24 }
  expect(toDocker(given).HostConfig).toMatchObject({ Memory: 1_000_000, MemorySwap: 1_000_024 })
  expect(toOci(given).linux.resources).toMatchObject({ memory: { limit: 1_000_000, swap: 1_000_024 } })
})

describe('the users of a sandbox', () => {
  const image = new URL('../../../sandbox-images/python/', import.meta.url)

  it('are the accounts of the image', () => {
    const accounts = [...readFileSync(new URL('seal.sh', image), 'utf8').matchAll(/'(\w+):x:(\d+):(\d+):/g)]
    expect(accounts.map(([, name, uid, gid]) => [name, Number(uid), Number(gid)])).toEqual([
      ['supervisor', users.supervisor, users.supervisor],
      ['user', users.code, users.code],
    ])
  })

  it('are those the supervisor starts workers as', () => {
    const program = readFileSync(new URL('supervisor/main.py', image), 'utf8')
    expect(program).toContain(`add_argument('--uid', type=int, default=${users.code})`)
  })
})
