import type { SandboxLanguage } from '../../src/core/languages.ts'
import Docker from 'dockerode'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { unvetted } from '../contract/sandbox-contract.ts'
import { dockerSocket, gvisorRuntime, sandboxImage } from '../support/sandbox/docker-sandbox.ts'
import { execTimes } from './docker-exec.ts'
import { chosenSubjects, type DriverSubject } from './driver-subjects.ts'
import { figure, report, timed, type Figures } from './figures.ts'
import { fleet, fleetSizes } from './fleet.ts'
import { RawRestore } from './raw-restore.ts'

const never = new AbortController().signal
const docker = new Docker({ socketPath: dockerSocket })
export const pandas = 'import pandas as pd\npd.DataFrame({"a": range(1000)}).a.sum()'
export const deaf = `
import os
for _ in range(3):
    os.fork()
while True:
    try:
        while True: pass
    except BaseException: pass
`
const firstCells = {
  table: `import pandas as pd
pd.DataFrame({"a": range(20), "b": [i * 1.5 for i in range(20)], "c": [f"x{i}" for i in range(20)]})`,
  chart: `import matplotlib.pyplot as plt
plt.figure()
plt.plot([1, 2, 3], [4, 5, 6])
plt.title("a")
plt.show()`,
}
const note = (text: string) => process.stderr.write(`${text}\n`)

export async function expectOutcome(
  sandbox: Sandbox,
  text: string,
  outcome: string,
  wall = 30_000,
  language: SandboxLanguage = 'python',
): Promise<void> {
  const result = await sandbox.run(unvetted(text, language), { timeoutMilliseconds: wall }, never)
  if (result.outcome !== outcome) throw new Error(`${outcome} expected, not ${result.outcome}: ${result.notice}`)
}

export const claim = (engine: OperableSandboxEngine) => engine.claim({ tenant: 'bench', language: 'python' }, never)

/** The way without a pool: a container of its own for one cell. */
async function coldRunTimes(count: number): Promise<number[]> {
  return timed(count, async () => {
    const container = await docker.createContainer({
      Image: sandboxImage(),
      Entrypoint: ['/usr/bin/python3', '-c', pandas],
      NetworkDisabled: true,
      HostConfig: { Runtime: gvisorRuntime, NetworkMode: 'none', ReadonlyRootfs: true, Tmpfs: { '/tmp': '' } },
    })
    await container.start()
    await container.wait()
    await container.remove({ force: true })
  })
}

interface References {
  readonly exec: readonly number[]
  readonly coldRun: readonly number[]
}

const pool = { minimum_ready: 4, maximum_ready: 4, maximum: 12, maximum_per_tenant: 12 }

async function warmCells(subject: DriverSubject, references: References): Promise<Figures> {
  await using engine = subject.start({})
  await using sandbox = await claim(engine)
  // The first some hundred cells of a process are slower by half. They are those of the first driver that is measured.
  const first = await timed(100, () => expectOutcome(sandbox, '1 + 1', 'ok'))
  await timed(100, () => expectOutcome(sandbox, '1 + 1', 'ok'))
  const samples = await timed(1_000, () => expectOutcome(sandbox, '1 + 1', 'ok'))
  const reference = { name: 'docker exec', samples: references.exec }
  return {
    ...(chosenSubjects()[0] === subject
      ? { [`${subject.name}.warm_cell_first_100`]: figure(first, { reference }) }
      : {}),
    [`${subject.name}.warm_cell`]: figure(samples, { reference }),
  }
}

async function claims(subject: DriverSubject, references: References): Promise<Figures> {
  await using engine = subject.start({ warm: true, settings: { pool } })
  const samples: number[] = []
  for (let round = 0; round < 8; round += 1) {
    while (engine.figures.ready < 4) await new Promise((resolve) => setTimeout(resolve, 20))
    const held: Sandbox[] = []
    samples.push(
      ...(await timed(4, async () => {
        const sandbox = await claim(engine)
        await expectOutcome(sandbox, pandas, 'ok')
        held.push(sandbox)
      })),
    )
    await Promise.all(held.map((sandbox) => sandbox[Symbol.asyncDispose]()))
  }
  const reference = { name: 'cold docker run', samples: references.coldRun }
  return { [`${subject.name}.claim_first_pandas`]: figure(samples, { reference }) }
}

/** The first cell of another language starts its worker; until then a sandbox has only Python's. */
async function firstJavascript(subject: DriverSubject): Promise<Figures> {
  await using engine = subject.start({ warm: true, settings: { pool } })
  const samples: number[] = []
  for (let index = 0; index < 8; index += 1) {
    const sandbox = await claim(engine)
    samples.push(...(await timed(1, () => expectOutcome(sandbox, '1 + 1', 'ok', 30_000, 'javascript'))))
    await sandbox[Symbol.asyncDispose]()
  }
  return { [`${subject.name}.first_javascript`]: figure(samples) }
}

/** From a claim of a sandbox that stands ready to what is shown of the first cell of this kind. */
async function firstShown(subject: DriverSubject, kind: keyof typeof firstCells): Promise<Figures> {
  await using engine = subject.start({ warm: true, settings: { pool } })
  const samples: number[] = []
  for (let index = 0; index < 12; index += 1) {
    while (engine.figures.ready < 4) await new Promise((resolve) => setTimeout(resolve, 20))
    const held: Sandbox[] = []
    const once = async () => {
      const sandbox = await claim(engine)
      held.push(sandbox)
      await expectOutcome(sandbox, firstCells[kind], 'ok')
    }
    samples.push(...(await timed(1, once)))
    await held[0]?.[Symbol.asyncDispose]()
  }
  return { [`${subject.name}.first_${kind}`]: figure(samples) }
}

/** Milliseconds from nothing to a sandbox that may be handed out, one at a time. */
async function startTimes(subject: DriverSubject, count: number, snapshots: boolean): Promise<number[]> {
  const samples: number[] = []
  await using engine = subject.start({
    snapshots,
    onEvent: (event) => {
      if (event.type === 'sandbox-start') samples.push(event.milliseconds)
    },
  })
  for (let index = 0; index < count; index += 1) await (await claim(engine))[Symbol.asyncDispose]()
  return samples
}

/** As `startTimes` from a checkpoint, and a plain `runsc restore` of the same one, in turn. */
async function restoreTimes(subject: DriverSubject, count: number): Promise<{ own: number[]; raw: number[] }> {
  await using restore = await RawRestore.open()
  const samples: { own: number[]; raw: number[] } = { own: [], raw: [] }
  await using engine = subject.start({
    onEvent: (event) => {
      if (event.type === 'sandbox-start') samples.own.push(event.milliseconds)
    },
  })
  for (let index = 0; index < count; index += 1) {
    samples.raw.push(await restore.time())
    await (await claim(engine))[Symbol.asyncDispose]()
  }
  return samples
}

async function refills(subject: DriverSubject): Promise<Figures> {
  const cold = await startTimes(subject, 8, false)
  const figures: Figures = { [`${subject.name}.refill_cold`]: figure(cold) }
  if (subject.name !== 'runsc') return figures
  const { own, raw } = await restoreTimes(subject, 20)
  return {
    ...figures,
    [`${subject.name}.refill_snapshot`]: figure(own, { reference: { name: 'runsc restore', samples: raw } }),
  }
}

/** Starts of sandboxes that share nothing, each from a copy of the image of its own. */
async function unshared(subject: DriverSubject): Promise<Figures> {
  if (subject.name !== 'runsc') return {}
  const samples: number[] = []
  await using engine = subject.start({
    settings: { sharing: 'none', pool: { queue_ms: 600_000 } },
    onEvent: (event) => {
      if (event.type === 'sandbox-start') samples.push(event.milliseconds)
    },
  })
  for (let index = 0; index < 3; index += 1) await (await claim(engine))[Symbol.asyncDispose]()
  return { [`${subject.name}.refill_unshared`]: figure(samples) }
}

async function singleUse(subject: DriverSubject): Promise<Figures> {
  await using engine = subject.start({ warm: true, settings: { pool: { ...pool, starts_at_once: 3 } } })
  while (engine.figures.ready < 4) await new Promise((resolve) => setTimeout(resolve, 20))
  const seconds = 15
  const until = performance.now() + seconds * 1000
  let finished = 0
  const worker = async () => {
    while (performance.now() < until) {
      await using sandbox = await claim(engine)
      await expectOutcome(sandbox, pandas, 'ok')
      finished += 1
    }
  }
  await Promise.all([worker(), worker(), worker(), worker()])
  const rate = finished / seconds
  return {
    [`${subject.name}.single_use_rate`]: {
      unit: 'per second',
      n: finished,
      p50: rate,
      p95: rate,
      p99: rate,
      value: rate,
    },
  }
}

/** From the limit to a result that says the run and its seven descendants are over. */
async function kills(subject: DriverSubject): Promise<Figures> {
  await using engine = subject.start({ warm: true, settings: { pool } })
  const samples: number[] = []
  for (let index = 0; index < 12; index += 1) {
    const sandbox = await claim(engine)
    const [took = 0] = await timed(1, () => expectOutcome(sandbox, deaf, 'timeout', 300))
    samples.push(took - 300)
    await sandbox[Symbol.asyncDispose]()
  }
  return { [`${subject.name}.kill_overshoot`]: figure(samples) }
}

async function fleets(subject: DriverSubject): Promise<Figures> {
  const figures: Figures = {}
  for (const size of fleetSizes()) Object.assign(figures, await fleet(subject, size))
  return figures
}

type Part = (subject: DriverSubject, references: References) => Promise<Figures>

/** In the order they are measured in. */
const parts: Readonly<Record<string, Part>> = {
  cells: warmCells,
  claims,
  table: (subject) => firstShown(subject, 'table'),
  chart: (subject) => firstShown(subject, 'chart'),
  javascript: firstJavascript,
  refills,
  unshared,
  single: singleUse,
  kills,
  fleets,
}

/** Those of `--only NAME,NAME`; without it all. */
function chosenParts(): readonly Part[] {
  const at = process.argv.indexOf('--only')
  const names = at < 0 ? Object.keys(parts) : (process.argv[at + 1] ?? '').split(',')
  return names.map((name) => {
    const part = parts[name]
    if (part === undefined) throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not "${name}".`)
    return part
  })
}

/**
 * `--driver docker|runsc|kubernetes` measures one of them; `--fleet N,N` how many are alive at once (default 20); `--only NAME,NAME`
 * some of the figures.
 */
export async function benchSandbox(): Promise<void> {
  const chosen = chosenParts()
  note('references: docker exec, cold docker run')
  const references = { exec: await execTimes(10), coldRun: await coldRunTimes(5) }
  const figures: Figures = {}
  for (const subject of chosenSubjects()) {
    for (const part of chosen) {
      Object.assign(figures, await part(subject, references))
      note(Object.keys(figures).at(-1) ?? '')
    }
  }
  report('sandbox', figures)
}
