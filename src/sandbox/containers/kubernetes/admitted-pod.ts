import { isDeepStrictEqual } from 'node:util'
import { z } from 'zod'
import { unavailable } from './cluster-faults.ts'

// What an API server answers to the creation of a Pod is the Pod as it was admitted: webhooks and policies may have
// added a secret, a variable, a container or another runtime to it, of which nothing inside tells.

/** Members of a Pod's `spec` that are the cluster's to decide: on which node it runs, before whom, and by whose account images are pulled. */
const decidedOfPod = new Set([
  'affinity',
  'nodeName',
  'nodeSelector',
  'overhead',
  'schedulerName',
  'schedulingGates',
  'tolerations',
  'preemptionPolicy',
  'priority',
  'priorityClassName',
  'topologySpreadConstraints',
  'imagePullSecrets',
  'serviceAccount',
  'serviceAccountName',
])
/** Members of a container: where its image comes from, and its limits, which are read back once it runs. */
const decidedOfContainer = new Set(['image', 'imagePullPolicy', 'resizePolicy', 'resources'])
/** Members of a security context that can only take more away. */
const decidedOfContext = new Set(['appArmorProfile', 'seLinuxOptions'])

const members = z.record(z.string(), z.unknown())
type Members = z.infer<typeof members>

const admittedShape = z.object({
  metadata: z.looseObject({ annotations: z.record(z.string(), z.string()).nullish() }),
  spec: z.looseObject({ containers: z.array(members), securityContext: members.nullish() }),
})

/** Throws `sandbox-unavailable` with the names of what differs, where a cluster changed what isolates a sandbox. */
export function assertAdmitted(manifest: object, answer: unknown): void {
  const asked = admittedShape.parse(manifest)
  const got = admittedShape.parse(answer)
  const changed = [
    ...annotationsThatDiffer(asked.metadata.annotations ?? {}, got.metadata.annotations ?? {}),
    ...specThatDiffers(asked.spec, got.spec),
  ]
  if (changed.length === 0) return
  throw unavailable(`The cluster changed the Pod of a sandbox when it admitted it: ${changed.join(', ')}`, {
    advice:
      'A webhook or policy of admission adds to Pods of this namespace ("kubectl get mutatingwebhookconfigurations"): leave the namespace of the sandboxes out of it.',
  })
}

/** Those that were asked for, and all that gVisor heeds. */
function annotationsThatDiffer(asked: Members, got: Members): string[] {
  const names = new Set([...Object.keys(asked), ...Object.keys(got).filter((name) => name.startsWith('dev.gvisor.'))])
  return [...names].filter((name) => asked[name] !== got[name]).map((name) => `annotation ${name}`)
}

function specThatDiffers(asked: z.infer<typeof admittedShape>['spec'], got: typeof asked): string[] {
  const { containers, securityContext, ...rest } = asked
  const { containers: gotContainers, securityContext: gotContext, ...gotRest } = got
  // The API leaves this one out where it is false.
  const changed = different(rest, { hostNetwork: false, ...gotRest }, decidedOfPod)
  changed.push(...contextThatDiffers(securityContext, gotContext))
  const names = (all: readonly Members[]) => all.map(({ name }) => String(name))
  if (!isDeepStrictEqual(names(containers), names(gotContainers)))
    return [...changed, `containers (${names(gotContainers).join(', ')})`]
  for (const [index, container] of containers.entries()) {
    const { securityContext: context, ...own } = container
    const { securityContext: newContext, ...gotOwn } = gotContainers[index] ?? {}
    const found = different(own, gotOwn, decidedOfContainer)
    found.push(...contextThatDiffers(context, newContext))
    changed.push(...found.map((member) => `${member} of ${String(container['name'])}`))
  }
  return changed
}

function contextThatDiffers(asked: unknown, got: unknown): string[] {
  const [before, after] = [members.parse(asked ?? {}), members.parse(got ?? {})]
  return different(before, after, decidedOfContext).map((member) => `securityContext.${member}`)
}

/** Names of members that are not the same in both, those aside that may differ. */
function different(asked: Members, got: Members, except: ReadonlySet<string>): string[] {
  const names = new Set([...Object.keys(asked), ...Object.keys(got)])
  return [...names].filter((name) => !except.has(name) && !isDeepStrictEqual(said(asked[name]), said(got[name])))
}

/** An API server leaves out what says nothing. */
function said(value: unknown): unknown {
  if (value === null || (typeof value === 'object' && Object.keys(value).length === 0)) return undefined
  return value
}
