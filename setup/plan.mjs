// What has to be done, from the facts alone. The plan is shown before it is carried out, or to the person who must do
// it instead.
import { RUNTIME } from './daemon-settings.mjs'
import { DISK_NEEDED, isRuntimeReady } from './probe.mjs'
import { SetupError } from './shell.mjs'

/**
 * @typedef {object} Step
 * @property {'packages' | 'install-docker' | 'start-docker' | 'gvisor' | 'image' | 'proof' | 'unpack' | 'relay' | 'browser' | 'web'} id
 * @property {string} what it installs or changes
 * @property {string} why
 * @property {boolean} needsRoot
 */

/**
 * The steps this machine still needs, in order; none when all is in place.
 * @param {{ packages: string | null, facts: import('./probe.mjs').Facts | null, browser?: boolean, web?: string | null }} found
 *   `packages`: why they must be installed; `facts`: null when no sandbox is wanted; `browser`: one is wanted and missing;
 *   `web`: why the web app must be built
 * @returns {Step[]}
 */
export function planSteps({ packages, facts, browser = false, web = null }) {
  /** @type {Step[]} */
  const steps = []
  if (packages !== null)
    steps.push({
      id: 'packages',
      what: 'install the npm packages of package-lock.json into node_modules',
      why: packages,
      needsRoot: false,
    })
  if (browser)
    steps.push({
      id: 'browser',
      what: 'install Debian’s Chromium (package chromium) with apt-get',
      why: 'tests look at the web app in a real browser',
      needsRoot: true,
    })
  if (web !== null) steps.push({ id: 'web', what: 'build the web app into build/web', why: web, needsRoot: false })
  if (facts === null) return steps
  const { docker, gvisor, image, proof } = facts
  const unknown = docker.answers ? '' : ', unless it is already there'
  if (!docker.answers && !docker.refused) {
    if (!docker.installed)
      steps.push({
        id: 'install-docker',
        what: 'install Debian’s Docker engine (package docker.io) with apt-get',
        why: 'code runs in containers',
        needsRoot: true,
      })
    steps.push({
      id: 'start-docker',
      what: 'start the Docker daemon',
      why: `none answers at ${docker.address}`,
      needsRoot: true,
    })
  }
  if (!isRuntimeReady(gvisor))
    steps.push({
      id: 'gvisor',
      what: `install gVisor (runsc) under /usr/local/lib/sallyport and register it in Docker's daemon.json as ${RUNTIME}; other settings stay${unknown}`,
      why: gvisor.registered
        ? `the runtime ${RUNTIME} is there, but not as it must be`
        : 'the wall around code that a model wrote',
      needsRoot: true,
    })
  if (image.id === null)
    steps.push({
      id: 'image',
      what: `build the sandbox image ${image.tag}, about 1 GB${unknown}`,
      why: 'Python, its libraries and Node for that code',
      needsRoot: false,
    })
  if (!proof.held)
    steps.push({
      id: 'proof',
      what: 'run one container and see that gVisor is its kernel',
      why: 'not yet seen since this machine, its daemon, runtime or image changed',
      needsRoot: false,
    })
  if (facts.root && !image.unpacked)
    steps.push({
      id: 'unpack',
      what: 'unpack the image, about 1 GB, and keep a checkpoint of a sandbox that is ready',
      why: 'single commands then start in half a second, straight with gVisor',
      needsRoot: false,
    })
  if (facts.relay.buildable && !facts.relay.built)
    steps.push({
      id: 'relay',
      what: 'build the relay that reads traces of sandboxes, with the Go of this machine',
      why: 'sandbox.detection can then be switched on',
      needsRoot: false,
    })
  return steps
}

/** Whether anything of the plan changes the machine, so that a person should be asked. */
export const changesMachine = (/** @type {Step[]} */ steps) =>
  steps.some(({ id }) => !['proof', 'unpack', 'relay', 'packages', 'web'].includes(id))

/**
 * Throws where no step can help: a daemon elsewhere, a socket this person may not use, a full disk.
 * @param {import('./probe.mjs').Facts} facts
 */
export function refuseTheImpossible({ docker, image, disk }) {
  if (docker.refused)
    throw new SetupError(
      `You may not use the Docker daemon at ${docker.address}.`,
      'As root: usermod -aG docker YOUR-NAME, then log in again. (Who may use Docker can become root.)',
    )
  if (!docker.answers && !docker.local)
    throw new SetupError(
      `DOCKER_HOST is ${docker.address}, and it does not answer: ${docker.problem}`,
      'Start that daemon, or unset DOCKER_HOST to use one on this machine.',
    )
  if (image.id === null && disk.free < DISK_NEEDED)
    throw new SetupError(
      `Only ${(disk.free / 1e9).toFixed(1)} GB are free at ${disk.path}; building the image takes up to ${DISK_NEEDED / 1e9} GB.`,
      'Free some space (docker system df shows what Docker holds), then run this again.',
    )
}

/**
 * The plan as a person reads it.
 * @param {Step[]} steps
 * @param {{ root: boolean }} who
 */
export function planText(steps, { root }) {
  const lines = steps.map(
    ({ what, why, needsRoot }) => `  • ${what}${needsRoot && !root ? '  [needs root]' : ''}\n      because: ${why}`,
  )
  return ['This machine still needs:', ...lines].join('\n')
}

/**
 * The text for a person without root: the steps for root, and the one command that does them.
 * @param {Step[]} steps
 * @param {{ node: string, script: string }} command
 */
export function rootRequest(steps, { node, script }) {
  const mine = steps.filter(({ needsRoot }) => needsRoot)
  const also = mine.some(({ id }) => id === 'browser') ? ' --browser' : ''
  return new SetupError(
    [
      `You are not root, and ${mine.length === 1 ? 'one step needs' : `${mine.length} steps need`} it:`,
      ...mine.map(({ what }) => `  • ${what}`),
    ].join('\n'),
    `A root user must run:  ${node} ${script} setup --yes${also}\n  then run this again as yourself (your account must be in the group docker).`,
  )
}
