import { randomBytes } from 'node:crypto'
import { ClusterClient } from '../../../src/sandbox/containers/kubernetes/cluster-client.ts'
import { openClusterAccess } from '../../../src/sandbox/containers/kubernetes/cluster-access.ts'
import { openExec } from '../../../src/sandbox/containers/kubernetes/exec-stream.ts'
import { podPath, removePod } from '../../../src/sandbox/containers/kubernetes/pod-container.ts'
import { podShape, type Pod } from '../../../src/sandbox/containers/kubernetes/pod-shape.ts'
import { PodWatch } from '../../../src/sandbox/containers/kubernetes/pod-watch.ts'
import { imageTag } from '../../../setup/image-tag.mjs'
import { clusterKubeconfig } from '../../support/sandbox/kubernetes-sandbox.ts'

const never = new AbortController().signal
const namespace = 'sallyport-sandboxes'
const benchLabel = 'sallyport.bench'
const removalMilliseconds = 60_000

/** What a Pod has without any driver: one container of the sandbox image under gVisor that waits. */
function manifest(name: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, labels: { [benchLabel]: name } },
    spec: {
      runtimeClassName: 'gvisor',
      restartPolicy: 'Never',
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      terminationGracePeriodSeconds: 1,
      activeDeadlineSeconds: 1800,
      dnsPolicy: 'None',
      dnsConfig: { nameservers: ['127.0.0.1'] },
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [
        {
          name: 'bare',
          image: imageTag(),
          imagePullPolicy: 'IfNotPresent',
          command: ['/usr/bin/sleep', '1800'],
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
          resources: { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m', memory: '256Mi' } },
        },
      ],
    },
  }
}

function isReady(pod: Pod | null): true | undefined {
  if (pod === null) throw new Error('a bare Pod is gone')
  return pod.status?.conditions?.some(({ type, status }) => type === 'Ready' && status === 'True') === true
    ? true
    : undefined
}

/** A Pod of the cluster of the tests that stands ready. */
export interface BarePod extends AsyncDisposable {
  /** Runs a program in it and gives its output, through the stream that sandboxes are spoken to by. */
  run(command: readonly string[]): Promise<string>
  /** A program that says again whatever it is told; `once` sends a line of so many bytes and waits until it was said. */
  echoes(bytes: number): Promise<AsyncDisposable & { once(): Promise<void> }>
}

/** Makes Pods without a driver, with the credentials and the connection that the driver has. */
export class BarePods implements AsyncDisposable {
  readonly #client: ClusterClient
  readonly #watch: PodWatch

  private constructor(client: ClusterClient) {
    this.#client = client
    this.#watch = new PodWatch(client, `${podPath(namespace)}?labelSelector=${benchLabel}`)
  }

  static async open(): Promise<BarePods> {
    const access = { kubeconfig: clusterKubeconfig(), server: 'https://kubernetes.default.svc', context: null }
    return new BarePods(new ClusterClient(await openClusterAccess(access)))
  }

  /** Resolves once the cluster says that it is ready. */
  async start(): Promise<BarePod> {
    const [client, watch, name] = [this.#client, this.#watch, `bench-${randomBytes(8).toString('hex')}`]
    const made = await client.call({ method: 'POST', path: podPath(namespace), body: manifest(name) }, never)
    const pod = podShape.parse(made)
    watch.track(pod)
    await watch.until(name, isReady, AbortSignal.timeout(removalMilliseconds))
    const exec = (command: readonly string[], hasInput: boolean) =>
      openExec(client, { namespace, pod: name, container: 'bare', command, hasInput, onDiagnostics: () => {} }, never)
    return {
      run: async (command) => {
        let written = ''
        for await (const piece of await exec(command, false)) written += String(piece)
        return written
      },
      echoes: async (bytes) => {
        const stream = await exec(['/usr/bin/cat'], true)
        const line = Buffer.alloc(bytes, 'a')
        return {
          once: async () => {
            const { promise, resolve } = Promise.withResolvers<void>()
            let heard = 0
            const hear = (piece: Buffer) => {
              heard += piece.length
              if (heard >= bytes) resolve()
            }
            stream.on('data', hear)
            stream.write(line)
            await promise
            stream.off('data', hear)
          },
          [Symbol.asyncDispose]: async () => void stream.destroy(),
        }
      },
      [Symbol.asyncDispose]: async () => {
        const late = AbortSignal.timeout(removalMilliseconds)
        await removePod({ client, watch, namespace }, name, pod.metadata.uid, late)
        await watch.until(name, (now) => (now === null ? true : undefined), late)
        watch.forget(name)
      },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#watch[Symbol.asyncDispose]()
    this.#client[Symbol.dispose]()
  }
}
