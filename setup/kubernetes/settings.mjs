// What the parts of the cluster read: settings of containerd, gVisor, the network and the kubelet. Pure texts.
import { join } from 'node:path'
import { CONTAINERD_SOCKET, inCluster, NODE, NODE_NETWORK, POD_NETWORK, RUN, SERVICE_NETWORK } from './places.mjs'
import { certificate, key } from './keys.mjs'

/** The name under which the first process of every pod is imported. It is on no registry. */
export const PAUSE_IMAGE = 'sallyport.local/pause:1'

/** @typedef {'none' | 'sandbox'} Network of gVisor: loopback only, or what the pod has */

/**
 * Handlers of this node, by the names that a RuntimeClass gives them. The first is as a node has to be; each other one is
 * what an operator may get wrong.
 * @type {Record<string, { network: Network, hints: boolean }>}
 */
export const HANDLERS = {
  runsc: { network: 'none', hints: true },
  'runsc-network': { network: 'sandbox', hints: true },
  'runsc-plain': { network: 'none', hints: false },
}

/** Annotations of a pod that say how its tmpfs mounts are. */
const HINTS = '["dev.gvisor.*"]'

/**
 * Settings of containerd 1.6, which those after it read too.
 * @param {string} cniPlugins the folder of the network plug-ins
 */
export function containerdSettings(cniPlugins) {
  const cri = (/** @type {string[]} */ ...path) =>
    ['', 'plugins', '"io.containerd.grpc.v1.cri"', ...path].join('.').slice(1)
  const handlers = Object.entries(HANDLERS).flatMap(([name, { hints }]) => [
    `[${cri('containerd', 'runtimes', name)}]`,
    'runtime_type = "io.containerd.runsc.v1"',
    // What a pod says of its tmpfs mounts reaches gVisor by its annotations, and only where the node lets them.
    `pod_annotations = ${hints ? HINTS : '[]'}`,
    `container_annotations = ${hints ? HINTS : '[]'}`,
    `[${cri('containerd', 'runtimes', name, 'options')}]`,
    'TypeUrl = "io.containerd.runsc.v1.options"',
    `ConfigPath = "${inCluster(`${name}.toml`)}"`,
  ])
  return lines([
    'version = 2',
    `root = "${inCluster('containerd')}"`,
    `state = "${join(RUN, 'containerd')}"`,
    '[grpc]',
    `address = "${CONTAINERD_SOCKET}"`,
    '[plugins."io.containerd.internal.v1.opt"]',
    `path = "${inCluster('opt')}"`,
    `[${cri()}]`,
    `sandbox_image = "${PAUSE_IMAGE}"`,
    'restrict_oom_score_adj = true',
    'netns_mounts_under_state_dir = true',
    `[${cri('cni')}]`,
    `bin_dir = "${cniPlugins}"`,
    `conf_dir = "${inCluster('cni')}"`,
    `[${cri('containerd')}]`,
    'default_runtime_name = "runc"',
    `[${cri('containerd', 'runtimes', 'runc')}]`,
    'runtime_type = "io.containerd.runc.v2"',
    ...handlers,
  ])
}

/**
 * Settings of gVisor's shim for one handler.
 * @param {string[]} parameters those of `runsc` with Docker, such as `--network=none`
 * @param {Network} network
 */
export function runscSettings(parameters, network) {
  const flags = parameters.map((parameter) => {
    const [name = '', value = 'true'] = parameter.replace(/^--/, '').split('=')
    return `"${name}" = "${name === 'network' ? network : value}"`
  })
  return lines([`root = "${join(RUN, 'runsc')}"`, '[runsc_config]', ...flags])
}

/** A line from each pod to the node, which passes on between them; what is in a pod of gVisor does not see it. */
export function networkSettings() {
  // The node with the API server, this machine and services; nothing beyond.
  const routes = [NODE_NETWORK, SERVICE_NETWORK].map((dst) => ({ dst }))
  const ipam = { type: 'host-local', dataDir: inCluster('addresses'), ranges: [[{ subnet: POD_NETWORK }]], routes }
  const plugins = [{ type: 'ptp', ipMasq: false, ipam }]
  return JSON.stringify({ cniVersion: '0.4.0', name: 'sallyport-tests', plugins })
}

/** @param {import('./places.mjs').Ports} ports */
export function kubeletSettings({ kubelet, health }) {
  return JSON.stringify({
    apiVersion: 'kubelet.config.k8s.io/v1beta1',
    kind: 'KubeletConfiguration',
    address: NODE,
    port: kubelet,
    readOnlyPort: 0,
    healthzBindAddress: NODE,
    healthzPort: health,
    authentication: {
      anonymous: { enabled: false },
      webhook: { enabled: true },
      x509: { clientCAFile: certificate('ca') },
    },
    authorization: { mode: 'Webhook' },
    tlsCertFile: certificate('kubelet'),
    tlsPrivateKeyFile: key('kubelet'),
    containerRuntimeEndpoint: `unix://${CONTAINERD_SOCKET}`,
    cgroupDriver: 'cgroupfs',
    enforceNodeAllocatable: [],
    failSwapOn: false,
    failCgroupV1: false,
    makeIPTablesUtilChains: false,
    // Nothing of the machine's names and addresses goes into a pod.
    resolvConf: '',
    evictionHard: { 'memory.available': '1%', 'nodefs.available': '1%', 'imagefs.available': '1%' },
    // Images are imported, and nothing could get them again.
    imageGCHighThresholdPercent: 100,
    podPidsLimit: 1024,
    containerLogMaxSize: '1Mi',
    podLogsDir: inCluster('pod-logs'),
    volumePluginDir: inCluster('volume-plugins'),
  })
}

/**
 * What containerd starts as gVisor's shim. It stands in front of it for two reasons, each on some machines only.
 * @param {{ shim: string, uidMap: string | null, bareAddress: boolean }} options `uidMap`: where the machine withholds the
 *   right to lower a score of the out-of-memory killer, which the shim takes for an error unless it believes itself in a
 *   user namespace, a file that says it is; `bareAddress`: containerd before 1.7 expects the address of the shim's socket,
 *   and the shim prints JSON
 */
export function shimWrapper({ shim, uidMap, bareAddress }) {
  // A mount over a file of a process ends with that process; the shim's own one, which lives on, does not see it.
  const covered = uidMap === null ? '' : `mount --bind ${uidMap} /proc/$$/uid_map && `
  if (!bareAddress)
    return lines(['#!/bin/sh', `for word; do [ "$word" = start ] && { ${covered}break; }; done`, `exec ${shim} "$@"`])
  return lines([
    '#!/bin/sh',
    `case " $* " in *" start "*) ;; *) exec ${shim} "$@" ;; esac`,
    `said=$(sh -c '${covered}exec "$0" "$@"' ${shim} "$@") || exit`,
    `printf %s "$said" | sed 's/.*"address":"\\([^"]*\\)".*/\\1/'`,
  ])
}

/** @param {string[]} all */
const lines = (all) => all.map((line) => `${line}\n`).join('')
