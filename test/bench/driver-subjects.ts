import type { SandboxEvent } from '../../src/core/facts.ts'
import type { OperableSandboxEngine } from '../../src/sandbox/engine/engine.ts'
import { createTestEngine } from '../support/sandbox/docker-sandbox.ts'
import { createTestClusterEngine } from '../support/sandbox/kubernetes-sandbox.ts'
import { createTestRunscEngine } from '../support/sandbox/runsc-sandbox.ts'

/** A driver that is measured. */
export interface DriverSubject {
  readonly name: 'docker' | 'runsc' | 'kubernetes'
  start(options: {
    warm?: boolean
    settings?: object
    onEvent?: (event: SandboxEvent) => void
    snapshots?: boolean
  }): OperableSandboxEngine
}

const subjects: readonly DriverSubject[] = [
  { name: 'docker', start: createTestEngine },
  { name: 'runsc', start: createTestRunscEngine },
]

/** Measured where it is named, since it takes a cluster. */
const inCluster: DriverSubject = { name: 'kubernetes', start: createTestClusterEngine }

/** The one of `--driver docker|runsc|kubernetes`; without it the two of this machine. */
export function chosenSubjects(): readonly DriverSubject[] {
  const at = process.argv.indexOf('--driver')
  return at < 0 ? subjects : [...subjects, inCluster].filter(({ name }) => name === process.argv[at + 1])
}
