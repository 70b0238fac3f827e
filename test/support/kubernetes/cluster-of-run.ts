import { down, status, up } from '../../../setup/kubernetes/cluster.mjs'
import { withoutCluster } from './without-cluster.ts'

// Before and after those files of a run that need a cluster: it is started, and removed again unless it was there before.

let isOurs = false

export async function setup(): Promise<void> {
  const why = withoutCluster(process.env)
  if (why !== null) {
    process.stderr.write(`\nLeft out: the tests on Kubernetes, since ${why}.\n`)
    return
  }
  isOurs = status().cluster === null
  await up()
}

export async function teardown(): Promise<void> {
  if (isOurs) await down()
}
