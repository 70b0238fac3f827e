// The network of the cluster: a namespace of its own, which holds its parts, the interfaces of its pods and the rules of
// kube-proxy, with one line to this machine. Whatever is in it goes with it.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { ask, findProgram, SetupError } from '../shell.mjs'
import { mountedPlaces, NODE, NODE_NETWORK, POD_NETWORK, RUN, SERVICE_NETWORK } from './places.mjs'

/** This machine's end of the line, and its address on it. */
export const LINE = 'sallyport-tests'
export const MACHINE = '198.18.87.1'

/** What the namespace is held by. */
const NAMESPACE = `${RUN}/net`

/** The node's end of the line. */
const NODE_END = 'eth0'

/** @param {string} name */
function needed(name) {
  const program = findProgram(name)
  if (program === null)
    throw new SetupError(`There is no ${name}, which the network of a cluster is made with.`, NEEDED[name])
  return program
}

/** @type {Record<string, string>} */
const NEEDED = {
  ip: 'Install iproute2, then run this again.',
  nsenter: 'Install util-linux, then run this again.',
  unshare: 'Install util-linux, then run this again.',
  iptables: 'Install iptables, by which kube-proxy makes services, then run this again.',
}

/**
 * A command as it has to be for a program in the cluster's network; its process becomes the program.
 * @param {string[]} command
 * @returns {[program: string, ...words: string[]]}
 */
export const inNetwork = (command) => [needed('nsenter'), `--net=${NAMESPACE}`, ...command]

/** @param {string[]} command */
function must(command) {
  const [program = '', ...words] = command
  const { ok, problem } = ask(program, words)
  if (!ok) throw new SetupError(`The network of the cluster could not be made: ${problem} (${words.join(' ')})`)
}

/**
 * Makes what is missing of it. The line is made last and at once, so that one that is there is whole.
 * @returns {void}
 */
export function ensureNetwork() {
  needed('iptables')
  const ip = needed('ip')
  if (!isThere()) {
    mkdirSync(dirname(NAMESPACE), { recursive: true, mode: 0o711 })
    if (!existsSync(NAMESPACE)) writeFileSync(NAMESPACE, '')
    must([needed('unshare'), `--net=${NAMESPACE}`, 'true'])
  }
  must(inNetwork([ip, 'link', 'set', 'lo', 'up']))
  if (!isJoined()) {
    // One of a namespace that is gone is gone with it, if not at once.
    removeLine()
    refuseTaken()
    must(inNetwork([ip, 'link', 'add', NODE_END, 'type', 'veth', 'peer', 'name', LINE, 'netns', String(process.pid)]))
  }
  must(inNetwork([ip, 'address', 'replace', `${NODE}/24`, 'dev', NODE_END]))
  must(inNetwork([ip, 'link', 'set', NODE_END, 'up']))
  must([ip, 'address', 'replace', `${MACHINE}/24`, 'dev', LINE])
  must([ip, 'link', 'set', LINE, 'up'])
  for (const network of [POD_NETWORK, SERVICE_NETWORK]) must([ip, 'route', 'replace', network, 'via', NODE])
}

/** Throws where this machine reaches addresses of the cluster's in a way of their own: they would be cut off by its line. */
function refuseTaken() {
  const ip = needed('ip')
  const usual = ask(ip, ['-oneline', 'route', 'show', 'default']).output
  for (const network of [NODE_NETWORK, POD_NETWORK, SERVICE_NETWORK]) {
    const { ok, output } = ask(ip, ['-oneline', 'route', 'get', network.replace(/0\/\d+$/, '2')])
    if (ok && isOwnWay(output, usual))
      throw new SetupError(
        `Addresses of ${network}, which the cluster for tests has, are somebody else's here: ${output.trim()}.`,
        'Run this on a machine without that network.',
      )
  }
}

/**
 * Whether an address is reached otherwise than everything that no route names.
 * @param {string} found what `ip route get` says of the address
 * @param {string} usual what `ip route show default` says, a line for each default
 */
export function isOwnWay(found, usual) {
  const way = /(?:via \S+ )?dev \S+/g
  const [taken = ''] = found.match(way) ?? []
  return !(usual.match(way) ?? []).some((each) => each === taken)
}

const isThere = () => mountedPlaces().includes(NAMESPACE)

/** Whether the namespace is there and the line leads into it. */
const isJoined = () =>
  isThere() && hasLine() && ask(needed('nsenter'), inNetwork(['ip', 'link', 'show', NODE_END]).slice(1)).ok

/** Whether this machine's end of a line is there. */
export const hasLine = () => ask(findProgram('ip') ?? 'ip', ['link', 'show', 'dev', LINE]).ok

/** Takes the line away, with this machine's ways into the cluster. */
export function removeLine() {
  if (hasLine()) ask(needed('ip'), ['link', 'delete', LINE])
}
