import { spawn, spawnSync } from 'node:child_process'
import { text } from 'node:stream/consumers'
import { status } from '../../../setup/kubernetes/cluster.mjs'
import { inCluster } from '../../../setup/kubernetes/places.mjs'

/** How a command ended: what it printed, and what it said on stderr. */
export interface Said {
  readonly ok: boolean
  readonly stdout: string
  readonly stderr: string
}

/** kubectl as the cluster's administrator or as the account of the service; waits for its end. */
export function kubectl(who: 'administrator' | 'service', words: readonly string[], input = ''): Said {
  const { kubectl: program, kubeconfig } = status()
  const all = ['--kubeconfig', kubeconfig[who], '--cache-dir', inCluster('kubectl'), ...words]
  const {
    stdout,
    stderr,
    status: code,
  } = spawnSync(program, all, { encoding: 'utf8', input, timeout: 300_000, env: {} })
  return { ok: code === 0, stdout, stderr }
}

/** The same while this process goes on with what else it does, as a server that the cluster asks. */
export async function kubectlMeanwhile(words: readonly string[], input = ''): Promise<Said> {
  const { kubectl: program, kubeconfig } = status()
  const all = ['--kubeconfig', kubeconfig.administrator, '--cache-dir', inCluster('kubectl'), ...words]
  const child = spawn(program, all, { env: {}, timeout: 600_000 })
  child.stdin.end(input)
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { ok: (await ended) === 0, stdout, stderr }
}

/** A pod with everything that the namespace of sandboxes asks of one, which ends by itself, and what a test changes of it. */
export function podOf(name: string, image: string, command: readonly string[], spec: object = {}): string {
  const container = {
    name: 'main',
    image,
    imagePullPolicy: 'Never',
    command,
    resources: { requests: { cpu: '50m', memory: '64Mi' }, limits: { cpu: '1', memory: '256Mi' } },
    securityContext: {
      allowPrivilegeEscalation: false,
      capabilities: { drop: ['ALL'] },
      readOnlyRootFilesystem: true,
      runAsNonRoot: true,
      runAsUser: 1000,
      seccompProfile: { type: 'RuntimeDefault' },
    },
  }
  return JSON.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: 'sallyport-sandboxes' },
    spec: {
      runtimeClassName: 'gvisor',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      restartPolicy: 'Never',
      terminationGracePeriodSeconds: 1,
      activeDeadlineSeconds: 300,
      containers: [container],
      ...spec,
    },
  })
}
