import Docker from 'dockerode'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { dockerSocket, gvisorRuntime, sandboxImage } from '../support/sandbox/docker-sandbox.ts'
import { figure, report, type Figures } from './figures.ts'
import { againstPath } from './subject.ts'

const own = resolve(import.meta.dirname, '../..')
const program = 'import pandas as pd\nprint(pd.DataFrame({"a": range(1000)}).a.sum())\n'
const printed = '499500\n'

/** Whole processes, from start to exit, of one command line; milliseconds. Throws where it does not print what it must. */
async function processTime(words: readonly string[], folder: string, prints: (text: string) => boolean) {
  const started = performance.now()
  const child = spawn(process.execPath, words, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] })
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
  readonly measure: (checkout: string, folder: string) => Promise<number>
  readonly reference: { readonly name: string; readonly measure: (folder: string) => Promise<number> }
}

const commandIn = (checkout: string) => join(checkout, 'src/cli/main.ts')

function rowsOf(docker: Docker): readonly Row[] {
  const node = {
    name: 'node -e 0',
    measure: (folder: string) => processTime(['-e', '0'], folder, (text) => text === ''),
  }
  const cold = { name: 'cold docker run', measure: () => coldRunTime(docker) }
  const runs = (driver: string): Row => ({
    name: `command.run_${driver}`,
    count: 12,
    measure: (checkout, folder) =>
      processTime(
        [commandIn(checkout), 'run', '--driver', driver, 'x.py'],
        folder,
        (text) => text.trimEnd() === printed.trimEnd(),
      ),
    reference: cold,
  })
  const help: Row = {
    name: 'command.help',
    count: 30,
    measure: (checkout, folder) =>
      processTime([commandIn(checkout), '--help'], folder, (text) => text.startsWith('Usage: sallyport')),
    reference: node,
  }
  return [help, runs('runsc'), runs('docker')]
}

/**
 * What a person at a terminal waits for: whole processes, nothing of ours kept running in between. With `--against PATH`
 * the other checkout's commands are measured in turn with these; the reference of each figure is then the other build.
 */
export async function benchCommand(): Promise<void> {
  const docker = new Docker({ socketPath: dockerSocket })
  const other = againstPath()
  const folder = await mkdtemp(join(tmpdir(), 'sallyport-bench-'))
  const figures: Figures = {}
  try {
    await writeFile(join(folder, 'x.py'), program)
    for (const { name, count, measure, reference } of rowsOf(docker)) {
      // The first one may make a checkpoint and compile.
      for (const checkout of other === null ? [own] : [own, other]) await measure(checkout, folder)
      const samples: { readonly own: number; readonly reference: number; readonly other: number | null }[] = []
      for (let index = 0; index < count; index += 1) {
        samples.push({
          own: await measure(own, folder),
          reference: await reference.measure(folder),
          other: other === null ? null : await measure(other, folder),
        })
      }
      const mine = samples.map((sample) => sample.own)
      const others = samples.flatMap((sample) => sample.other ?? [])
      const references = samples.map((sample) => sample.reference)
      figures[name] = figure(mine, { reference: { name: reference.name, samples: references } })
      if (others.length > 0) {
        figures[`${name}.against`] = figure(mine, { reference: { name: 'the other build', samples: others } })
      }
      process.stderr.write(`${name}\n`)
    }
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
  report('command', figures)
}
