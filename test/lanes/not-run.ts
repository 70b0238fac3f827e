import { absentCorpora } from '../support/corpora/corpora.ts'
import { withoutCluster } from '../support/kubernetes/without-cluster.ts'
import { hasRun, lanes, type LaneName } from './lanes.ts'

/** What a run of the tests with these variables did not show; a line each, none where nothing is missing. */
export function notRun(environment: Readonly<Record<string, string | undefined>>): readonly string[] {
  const small = (Object.keys(lanes) as LaneName[]).filter((name) => !hasRun(name, environment))
  const absent = absentCorpora(environment)
  const noCluster = withoutCluster(environment)
  return [
    ...(small.length === 0
      ? []
      : [
          `Not run at the size of a release: ${small.join(', ')}. npm run lane -- NAME runs one; docs/verification.md.`,
        ]),
    ...(absent.length === 0
      ? []
      : [`Not here, so that what needs them was skipped: the corpora ${absent.join(', ')}. Set SALLYPORT_DATA.`]),
    ...(noCluster === null ? [] : [`No cluster here, so that what needs one was skipped: ${noCluster}.`]),
  ]
}
