import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { z } from 'zod'
import type { Probe, ProbeResult } from '../service/sallyport.ts'

/** The part of the set-up's report that is shown; it says more. */
const factsSchema = z.object({
  docker: z.object({ address: z.string(), answers: z.boolean(), problem: z.string(), version: z.string() }),
  gvisor: z.object({
    runtime: z.string(),
    registered: z.boolean(),
    asWanted: z.boolean(),
    path: z.string().nullable(),
    version: z.string().nullable(),
  }),
  image: z.object({ tag: z.string(), id: z.string().nullable(), bytes: z.number().nullable() }),
  disk: z.object({ path: z.string(), free: z.number() }),
})

export type MachineFacts = z.infer<typeof factsSchema>

/** The set-up program that came with this installation; null where the package was taken apart. */
export function setupProgram(from: string = import.meta.dirname): string | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const program = join(folder, 'setup', 'run.mjs')
    if (existsSync(program)) return program
    if (folder === dirname(folder)) return null
  }
}

/** What the set-up sees of this machine. Throws where it cannot be asked. */
export async function readMachineFacts(program: string, signal: AbortSignal): Promise<MachineFacts> {
  const { stdout } = await promisify(execFile)(process.execPath, [program, 'probe', '--json'], {
    signal,
    timeout: 60_000,
  })
  return factsSchema.parse(JSON.parse(stdout))
}

const setUp = 'Run "sallyport doctor --fix", or "npm run set-up" in a clone.'

/** Disk that images and sandboxes need beside what is there, in bytes. */
const neededDisk = 1_000_000_000

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`

function result(passed: boolean, detail: string, fix: string): ProbeResult {
  return { passed, detail, fix: passed ? null : fix }
}

/** Each fact as a line of the report. */
const rows: readonly {
  readonly name: string
  readonly sandbox: boolean
  judge: (facts: MachineFacts) => ProbeResult
}[] = [
  {
    name: 'Docker answers',
    sandbox: true,
    judge: ({ docker }) =>
      docker.answers
        ? result(true, `version ${docker.version} at ${docker.address}`, '')
        : result(false, `${docker.address}: ${docker.problem === '' ? 'no daemon answers' : docker.problem}`, setUp),
  },
  {
    name: 'gVisor is registered',
    sandbox: true,
    judge: ({ gvisor }) => {
      if (!gvisor.registered) return result(false, `Docker knows no runtime ${gvisor.runtime}`, setUp)
      if (gvisor.version === null) return result(false, `${gvisor.path} does not run`, setUp)
      if (!gvisor.asWanted)
        return result(false, `${gvisor.runtime} is registered with other arguments than it needs`, setUp)
      return result(true, `${gvisor.runtime}, ${gvisor.version}`, '')
    },
  },
  {
    name: 'Sandbox image',
    sandbox: true,
    judge: ({ image }) =>
      image.id === null
        ? result(false, `${image.tag} is not built`, setUp)
        : result(true, `${image.tag}, ${gigabytes(image.bytes ?? 0)}`, ''),
  },
  {
    name: 'Disk',
    sandbox: false,
    judge: ({ disk }) =>
      result(
        disk.free >= neededDisk,
        `${gigabytes(disk.free)} free below ${disk.path}`,
        `Make room: at least ${gigabytes(neededDisk)}.`,
      ),
  },
]

/** The set-up's facts as probes; they share one reading. Where a cluster has the sandboxes, this machine needs no parts of theirs. */
export function machineProbes(
  read: (signal: AbortSignal) => Promise<MachineFacts>,
  place: 'machine' | 'cluster',
): readonly Probe[] {
  let reading: Promise<MachineFacts> | null = null
  const needed = rows.filter(({ sandbox }) => place === 'machine' || !sandbox)
  return needed.map(({ name, sandbox, judge }) => ({
    name,
    sandbox,
    run: async (signal) => {
      try {
        reading ??= read(signal)
        return judge(await reading)
      } catch (error) {
        return result(
          false,
          `the set-up cannot be asked: ${error instanceof Error ? error.message : String(error)}`,
          setUp,
        )
      }
    },
  }))
}
