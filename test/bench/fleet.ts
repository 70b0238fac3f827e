import Docker from 'dockerode'
import { readFile } from 'node:fs/promises'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { dockerSocket } from '../support/sandbox/docker-sandbox.ts'
import { containerIds, tracesOf } from '../support/sandbox/host-traces.ts'
import { untilNothing } from '../support/sandbox/leftovers.ts'
import { chosenSubjects, type DriverSubject } from './driver-subjects.ts'
import { figure, report, type Figures } from './figures.ts'

const never = new AbortController().signal

/** Bytes that the kernel charges to one sandbox: all of them, and by whose they are. */
interface Charge {
  readonly all: number
  /** What is in the sandbox: its processes and its files. */
  readonly inside: number
  /** gVisor's own processes. */
  readonly gvisor: number
  /** The host's kernel on behalf of both: page tables, stacks, descriptors. */
  readonly kernel: number
}

async function firstFile(paths: readonly string[]): Promise<string> {
  const found = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => null)))
  return found.find((text) => text !== null) ?? ''
}

/** On either version of cgroups. */
async function chargeOf(subject: DriverSubject, id: string): Promise<Charge> {
  const docker = new Docker({ socketPath: dockerSocket })
  const name = subject.name === 'docker' ? `docker/${(await docker.getContainer(id).inspect()).Id}` : `sallyport/${id}`
  const [first, second] = [`/sys/fs/cgroup/memory/${name}`, `/sys/fs/cgroup/${name}`]
  const text = await firstFile([`${first}/memory.stat`, `${second}/memory.stat`])
  const stat = new Map(text.split('\n').map((line) => line.split(' ') as [string, string]))
  const kernel = await firstFile([`${first}/memory.kmem.usage_in_bytes`])
  return {
    all: Number(await firstFile([`${first}/memory.usage_in_bytes`, `${second}/memory.current`])),
    inside: Number(stat.get('shmem')),
    gvisor: Number(stat.get('anon') ?? stat.get('rss')),
    kernel: Number(stat.get('kernel') ?? kernel),
  }
}

/** Each computes something else, so that none can be taken for another. */
async function expectAnswers(sandboxes: readonly Sandbox[]): Promise<void> {
  await Promise.all(
    sandboxes.map(async (sandbox, index) => {
      const { outcome, stdout } = await sandbox.run(unvetted(`print(${index} * 7)`), {}, never)
      if (stdout.text.trim() !== String(index * 7)) throw new Error(`Sandbox ${index} answered ${outcome}`)
    }),
  )
}

/** So many started at once and alive at once; each answers, and in the end nothing of any is left on the host. */
export async function fleet(subject: DriverSubject, size: number): Promise<Figures> {
  const pool = {
    minimum_ready: 0,
    maximum_ready: 0,
    maximum: size,
    maximum_per_tenant: size,
    queue: size,
    queue_ms: 600_000,
    starts_at_once: 4,
  }
  await using engine = subject.start({ settings: { pool } })
  const claim = () => engine.claim({ tenant: 'bench', language: 'python' }, never)
  const started = performance.now()
  const sandboxes = await Promise.all(Array.from({ length: size }, claim))
  const took = performance.now() - started
  await expectAnswers(sandboxes)
  const charges = await Promise.all(sandboxes.map((sandbox) => chargeOf(subject, sandbox.id)))
  const memory = (part: keyof Charge) =>
    figure(
      charges.map((charge) => charge[part]),
      { unit: 'bytes' },
    )
  const names = [...sandboxes.map((sandbox) => sandbox.id), ...(await containerIds())]
  await Promise.all(sandboxes.map((sandbox) => sandbox[Symbol.asyncDispose]()))
  const left = await untilNothing(() => tracesOf(names), 10_000)
  if (left.length > 0) throw new Error(`Left of ${size} sandboxes: ${left.slice(0, 5).join(', ')}`)
  return {
    [`${subject.name}.fleet_${size}`]: figure([took]),
    [`${subject.name}.idle_memory`]: memory('all'),
    [`${subject.name}.idle_memory_inside`]: memory('inside'),
    [`${subject.name}.idle_memory_gvisor`]: memory('gvisor'),
    [`${subject.name}.idle_memory_kernel`]: memory('kernel'),
  }
}

/** Those of `--fleet N,N`; without it one of 20. */
export function fleetSizes(): readonly number[] {
  const at = process.argv.indexOf('--fleet')
  return at < 0 ? [20] : (process.argv[at + 1] ?? '').split(',').map(Number)
}

/** The fleets alone, for large ones. */
export async function benchFleet(): Promise<void> {
  const figures: Figures = {}
  for (const subject of chosenSubjects()) {
    for (const size of fleetSizes()) Object.assign(figures, await fleet(subject, size))
  }
  report('fleet', figures)
}
