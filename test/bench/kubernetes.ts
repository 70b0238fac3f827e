import { setTimeout as sleep } from 'node:timers/promises'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import type { Sandbox } from '../../src/sandbox/sandbox.ts'
import { createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'
import { createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'
import { figure, report, reportSoFar, timed, type Figures } from './figures.ts'
import { BarePods } from './kubernetes/bare-pod.ts'
import { claim, deaf, expectOutcome, pandas } from './sandbox.ts'

/** As many bytes as a run and its answer take on the stream. */
const lineBytes = 295
const wallMilliseconds = 300
const ready = 4
const pool = { minimum_ready: ready, maximum_ready: ready, maximum: 12, maximum_per_tenant: 12, queue_ms: 120_000 }

/** Stops what would end the code from inside: its keeper, which is of its own uid. Then as deaf as the other. */
const hindering = `
import os, signal
for name in os.listdir('/proc'):
    try:
        if name.isdigit() and int(name) != os.getpid() and os.stat('/proc/' + name).st_uid == os.getuid():
            os.kill(int(name), signal.SIGSTOP)
    except OSError: pass
${deaf}`

async function untilReady(engine: OperableSandboxEngine, count: number): Promise<void> {
  while (engine.figures.ready < count) await sleep(10)
}

/** A warm cell, beside what it cannot be faster than: the stream to a Pod, and the same cell where no cluster stands between. */
async function warmCells(): Promise<Figures> {
  await using pods = await BarePods.open()
  await using pod = await pods.start()
  await using echo = await pod.echoes(lineBytes)
  await using cluster = createTestClusterEngine()
  await using machine = createTestRunscEngine()
  await using inCluster = await claim(cluster)
  await using onMachine = await claim(machine)
  const samples = { cell: [] as number[], echo: [] as number[], runsc: [] as number[], both: [] as number[] }
  const turn = async () => {
    const [cell = 0] = await timed(1, () => expectOutcome(inCluster, '1 + 1', 'ok'))
    const [echoed = 0] = await timed(1, () => echo.once())
    const [runsc = 0] = await timed(1, () => expectOutcome(onMachine, '1 + 1', 'ok'))
    return { cell, echo: echoed, runsc, both: echoed + runsc }
  }
  // The first some hundred cells of a process are slower by half.
  for (let index = 0; index < 200; index += 1) await turn()
  for (let index = 0; index < 1000; index += 1) {
    const took = await turn()
    for (const name of Object.keys(took) as (keyof typeof took)[]) samples[name].push(took[name])
  }
  return {
    'kubernetes.exec_echo': figure(samples.echo),
    'kubernetes.runsc_cell': figure(samples.runsc),
    'kubernetes.warm_cell': figure(samples.cell, { reference: { name: 'echo and runsc cell', samples: samples.both } }),
  }
}

/** From nothing to a sandbox that may be handed out, beside a Pod of the same image that waits, and one that has pandas; one at a time, in turn. */
async function starts(): Promise<Figures> {
  const samples = { ready: [] as number[], bare: [] as number[], bareWithPandas: [] as number[] }
  await using pods = await BarePods.open()
  await using engine = createTestClusterEngine({
    onEvent: (event) => {
      if (event.type === 'sandbox-start') samples.ready.push(event.milliseconds)
    },
  })
  for (let index = 0; index < 20; index += 1) {
    const began = performance.now()
    {
      await using pod = await pods.start()
      samples.bare.push(performance.now() - began)
      const said = await pod.run(['/usr/bin/python3', '-c', 'import pandas; print(len(pandas.DataFrame([1])))'])
      if (said.trim() !== '1') throw new Error(`a bare Pod says "${said}"`)
      samples.bareWithPandas.push(performance.now() - began)
    }
    await (await claim(engine))[Symbol.asyncDispose]()
  }
  return {
    'kubernetes.bare_pod_ready': figure(samples.bare),
    'kubernetes.create_ready': figure(samples.ready, { reference: { name: 'bare Pod', samples: samples.bare } }),
    'kubernetes.create_ready_pandas': figure(samples.ready, {
      reference: { name: 'bare Pod with pandas', samples: samples.bareWithPandas },
    }),
  }
}

/** A warm Pod claimed, then a first cell with pandas. */
async function claims(): Promise<Figures> {
  await using engine = createTestClusterEngine({ warm: true, settings: { pool } })
  const samples: number[] = []
  while (samples.length < 100) {
    await untilReady(engine, ready)
    const held: Sandbox[] = []
    samples.push(
      ...(await timed(ready, async () => {
        const sandbox = await claim(engine)
        await expectOutcome(sandbox, pandas, 'ok')
        held.push(sandbox)
      })),
    )
    await Promise.all(held.map((sandbox) => sandbox[Symbol.asyncDispose]()))
  }
  return { 'kubernetes.claim_first_pandas': figure(samples) }
}

/** From the limit to a result that says that the run and its seven descendants are over, while the pool makes the next. */
async function overshoots(code: string, count: number): Promise<number[]> {
  await using engine = createTestClusterEngine({ warm: true, settings: { pool } })
  const samples: number[] = []
  while (samples.length < count) {
    await untilReady(engine, 1)
    const sandbox = await claim(engine)
    const [took = 0] = await timed(1, () => expectOutcome(sandbox, code, 'timeout', wallMilliseconds))
    samples.push(took - wallMilliseconds)
    await sandbox[Symbol.asyncDispose]()
  }
  return samples
}

const kills = async () => ({ 'kubernetes.kill_overshoot': figure(await overshoots(deaf, 100)) })

/** The last rung alone: nothing inside ends it. */
const hindered = async () => ({ 'kubernetes.kill_overshoot_hindered': figure(await overshoots(hindering, 20)) })

/** Sandboxes that come to be while all that stood ready is claimed at once. */
async function refills(): Promise<Figures> {
  await using engine = createTestClusterEngine({ warm: true, settings: { pool } })
  const samples: number[] = []
  for (let round = 0; round < 6; round += 1) {
    await untilReady(engine, ready)
    const held = await Promise.all(Array.from({ length: ready }, () => claim(engine)))
    const [took = 0] = await timed(1, () => untilReady(engine, ready))
    samples.push((ready * 1000) / took)
    await Promise.all(held.map((sandbox) => sandbox[Symbol.asyncDispose]()))
  }
  return { 'kubernetes.refill_rate': figure(samples, { unit: 'per second' }) }
}

const parts: Readonly<Record<string, () => Promise<Figures>>> = {
  cells: warmCells,
  starts,
  claims,
  kills,
  hindered,
  refills,
}

/** The driver for clusters, on the cluster that `npm run kubernetes -- up` makes. `--only NAME,NAME` measures some of it. */
export async function benchKubernetes(): Promise<void> {
  const at = process.argv.indexOf('--only')
  const names = at < 0 ? Object.keys(parts) : (process.argv[at + 1] ?? '').split(',')
  const figures: Figures = {}
  for (const name of names) {
    const part = parts[name]
    if (part === undefined) throw new Error(`--only takes ${Object.keys(parts).join(', ')}, not "${name}".`)
    const found = await part()
    if (names.length > 1) reportSoFar(found)
    Object.assign(figures, found)
  }
  report('kubernetes', figures)
}
