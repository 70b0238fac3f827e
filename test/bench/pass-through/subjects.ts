import { join } from 'node:path'
import type { Target } from './load.ts'
import { PinnedProcess, processors } from './pinned-process.ts'

/** What is measured: a program, and how it is called. */
export interface Subject {
  readonly process: PinnedProcess
  readonly target: Target
}

const script = (name: string) => join(import.meta.dirname, name)
const ready = /listens on (http:\S+)\n/

const originOf = ({ output }: PinnedProcess) => ready.exec(output)?.[1] ?? ''

/** An upstream that answers after so many milliseconds. */
export async function startUpstream(milliseconds: number): Promise<Subject> {
  const command = [process.execPath, script('upstream-subject.ts'), String(milliseconds)]
  const started = await PinnedProcess.start(command, { processor: processors.rest, ready })
  return { process: started, target: { origin: originOf(started), path: '/v1/chat/completions', headers: {} } }
}

export async function startBare(upstream: string): Promise<Subject> {
  const command = [process.execPath, script('bare-subject.ts'), upstream]
  const started = await PinnedProcess.start(command, { processor: processors.measured, ready })
  return { process: started, target: { origin: originOf(started), path: '/v1/chat/completions', headers: {} } }
}
