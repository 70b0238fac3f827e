import { missingPrograms } from '../../../setup/kubernetes/programs.mjs'
import { isRoot } from '../../../setup/shell.mjs'

/** What decides whether tests have a cluster. */
export interface ClusterFacts {
  readonly root: boolean
  /** Programs of a cluster that would have to be built or fetched first. */
  readonly missing: readonly string[]
}

/**
 * Why tests have no cluster here, for people; null where they have one. With `SALLYPORT_KUBERNETES=1` what is missing is
 * built, with `0` there is none, and without it one is started where its programs are there already. With `from-nothing`,
 * which is the lane, the cluster is removed besides and made again.
 */
export function withoutCluster(
  environment: Readonly<Record<string, string | undefined>>,
  facts: () => ClusterFacts = theseFacts,
): string | null {
  const wanted = environment['SALLYPORT_KUBERNETES']
  if (wanted === '1' || wanted === 'from-nothing') return null
  if (wanted === '0') return 'SALLYPORT_KUBERNETES is 0'
  const { root, missing } = facts()
  if (!root) return 'it takes root'
  if (missing.length === 0) return null
  return `${missing.join(', ')} would have to be built first, for half an hour; SALLYPORT_KUBERNETES=1 builds`
}

const theseFacts = (): ClusterFacts => ({ root: isRoot(), missing: missingPrograms() })
