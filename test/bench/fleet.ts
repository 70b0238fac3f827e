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

async function memoryOf(subject: DriverSubject, id: string): Promise<number> {
  const docker = new Docker({ socketPath: dockerSocket })
  const folder =
    subject.name === 'docker' ? `docker/${(await docker.getContainer(id).inspect()).Id}` : `sallyport/${id}`
  const paths = [`/sys/fs/cgroup/memory/${folder}/memory.usage_in_bytes`, `/sys/fs/cgroup/${folder}/memory.current`]
  const found = await Promise.all(paths.map((path) => readFile(path, 'utf8').catch(() => null)))
  return Number(found.find((text) => text !== null))
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
  const memory = await Promise.all(sandboxes.map((sandbox) => memoryOf(subject, sandbox.id)))
  const names = [...sandboxes.map((sandbox) => sandbox.id), ...(await containerIds())]
  await Promise.all(sandboxes.map((sandbox) => sandbox[Symbol.asyncDispose]()))
  const left = await untilNothing(() => tracesOf(names), 10_000)
  if (left.length > 0) throw new Error(`Left of ${size} sandboxes: ${left.slice(0, 5).join(', ')}`)
  return {
    [`${subject.name}.fleet_${size}`]: figure([took]),
    [`${subject.name}.idle_memory`]: figure(memory, { unit: 'bytes' }),
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
