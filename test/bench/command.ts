import Docker from 'dockerode'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { dockerSocket, gvisorRuntime, sandboxImage } from '../support/sandbox/docker-sandbox.ts'
import { stateFolder } from '../../setup/state.mjs'
import { figure, report, type Figures } from './figures.ts'
import { againstPath } from './subject.ts'

const own = resolve(import.meta.dirname, '../..')
const program = 'import pandas as pd\nprint(pd.DataFrame({"a": range(1000)}).a.sum())\n'
const printed = '499500'

/** A folder of the bench, and variables beside those of this process. */
interface Place {
  readonly folder: string
  readonly variables: Readonly<Record<string, string>>
}

/** Whole processes, from start to exit, of one command line; milliseconds. Throws where it does not print what it must. */
async function processTime(words: readonly string[], { folder, variables }: Place, prints: (text: string) => boolean) {
  const started = performance.now()
  const env = { ...process.env, ...variables }
  const child = spawn(process.execPath, words, { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  let fault = ''
  child.stdout.on('data', (piece: Buffer) => (output += piece.toString()))
  child.stderr.on('data', (piece: Buffer) => (fault += piece.toString()))
  const [code] = (await once(child, 'close')) as [number | null]
  const took = performance.now() - started
  if (code !== 0 || !prints(output)) throw new Error(`${words.join(' ')} ended with ${code}: ${output}${fault}`)
  return took
}

/** A container of its own for the same program, by the daemon's own interface: what nothing of ours takes part in. */
async function coldRunTime(docker: Docker): Promise<number> {
  const started = performance.now()
  const container = await docker.createContainer({
    Image: sandboxImage(),
    Entrypoint: ['/usr/bin/python3', '-c', program],
    NetworkDisabled: true,
    HostConfig: { Runtime: gvisorRuntime, NetworkMode: 'none', ReadonlyRootfs: true, Tmpfs: { '/tmp': '' } },
  })
  await container.start()
  await container.wait()
  await container.remove({ force: true })
  return performance.now() - started
}

interface Row {
  readonly name: string
  readonly count: number
  /** Told apart from the samples before it by `index`. */
  readonly measure: (checkout: string, place: Place, index: number) => Promise<number>
  /** Null where there is none under the same conditions. */
  readonly reference: { readonly name: string; readonly measure: (place: Place) => Promise<number> } | null
  /** What only a first start does is done before the samples. */
  readonly isWarm: boolean
}

/** The program of a checkout: in some of them, one that loads no parser of types first. */
function commandIn(checkout: string): string {
  const start = join(checkout, 'src/cli/start.mjs')
  return existsSync(start) ? start : join(checkout, 'src/cli/main.ts')
}

type Words = (checkout: string) => readonly string[]

/** The other build knows no `auto`; what it had that was as fast had to be named. */
const auto: Words = (checkout) => (checkout === own ? [] : ['--driver', 'runsc'])
const docker: Words = () => ['--driver', 'docker']

function run(checkout: string, words: readonly string[], place: Place): Promise<number> {
  return processTime([commandIn(checkout), 'run', ...words, 'x.py'], place, (text) => text.trimEnd() === printed)
}

/**
 * What lies ready is what set-up made, and nothing that a run before left: no compiled code, no proof, and a limit of its
 * own keeps it from every checkpoint.
 */
async function firstRun(checkout: string, words: readonly string[], { place, index }: { place: Place; index: number }) {
  const cache = await mkdtemp(join(place.folder, 'cache-'))
  await rm(join(stateFolder(), 'runsc', 'proofs'), { recursive: true, force: true })
  const files = `sandbox.limits.open_files=${300 + ((Date.now() + index) % 3_000)}`
  return run(checkout, ['--set', files, ...words], { ...place, variables: { XDG_CACHE_HOME: cache } })
}

/** As after a start of the machine: whatever is read comes from the disk. */
async function droppedRun(checkout: string, words: readonly string[], place: Place): Promise<number> {
  const flush = spawn('sync')
  await once(flush, 'close')
  await writeFile('/proc/sys/vm/drop_caches', '3')
  return run(checkout, words, place)
}

function rowsOf(daemon: Docker): readonly Row[] {
  const node = {
    name: 'node -e 0',
    measure: (place: Place) => processTime(['-e', '0'], place, (text) => text === ''),
  }
  const cold = { name: 'cold docker run', measure: () => coldRunTime(daemon) }
  const help: Row = {
    name: 'command.help',
    count: 20,
    measure: (checkout, place) =>
      processTime([commandIn(checkout), '--help'], place, (text) => text.startsWith('Usage: sallyport')),
    reference: node,
    isWarm: true,
  }
  const runs = (name: string, words: Words, [usual, first, dropped]: readonly [number, number, number]): Row[] => [
    {
      name: `command.run_${name}`,
      count: usual,
      measure: (checkout, place) => run(checkout, words(checkout), place),
      reference: cold,
      isWarm: true,
    },
    {
      name: `command.run_${name}_first`,
      count: first,
      measure: (checkout, place, index) => firstRun(checkout, words(checkout), { place, index }),
      reference: null,
      isWarm: false,
    },
    {
      name: `command.run_${name}_dropped`,
      count: process.getuid?.() === 0 ? dropped : 0,
      measure: (checkout, place) => droppedRun(checkout, words(checkout), place),
      reference: null,
      isWarm: true,
    },
  ]
  return [help, ...runs('auto', auto, [10, 3, 3]), ...runs('docker', docker, [6, 2, 2])]
}

/**
 * What a person at a terminal waits for: whole processes, nothing of ours kept running in between. With `--against PATH`
 * the other checkout's commands are measured in turn with these; the reference of each figure is then the other build.
 */
export async function benchCommand(): Promise<void> {
  const other = againstPath()
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'))
  const place: Place = { folder, variables: {} }
  const figures: Figures = {}
  try {
    await writeFile(join(folder, 'x.py'), program)
    for (const row of rowsOf(new Docker({ socketPath: dockerSocket }))) {
      if (row.count === 0) continue
      for (const checkout of row.isWarm ? [own, other] : []) {
        if (checkout !== null) await row.measure(checkout, place, 0)
      }
      Object.assign(figures, await measureRow(row, other, place))
      process.stderr.write(`${row.name}\n`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  report('command', figures)
}

async function measureRow(
  { name, count, measure, reference }: Row,
  other: string | null,
  place: Place,
): Promise<Figures> {
  const [mine, references, others]: [number[], number[], number[]] = [[], [], []]
  for (let index = 0; index < count; index += 1) {
    mine.push(await measure(own, place, index))
    if (reference !== null) references.push(await reference.measure(place))
    if (other !== null) others.push(await measure(other, place, index))
  }
  const plain = reference === null ? {} : { reference: { name: reference.name, samples: references } }
  const against = { reference: { name: 'the other build', samples: others } }
  return {
    [name]: figure(mine, plain),
    ...(others.length === 0 ? {} : { [`${name}.against`]: figure(mine, against) }),
  }
}
