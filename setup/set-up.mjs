// Brings the machine from what it is to what the project needs: plan, ask once, do, prove.
import { createInterface } from 'node:readline/promises'
import { ensureRunsc } from '../runsc/install.mjs'
import { ensureBrowser, findBrowser } from './browser.mjs'
import { RUNTIME } from './daemon-settings.mjs'
import { installEngine, registerWithDaemon, startEngine } from './docker.mjs'
import { ensureImage, proveGvisor } from './image.mjs'
import { installPackagesFromLock, packagesProblem, PROJECT } from './packages.mjs'
import { changesMachine, planSteps, planText, refuseTheImpossible, rootRequest } from './plan.mjs'
import { prepareSingleCommands } from './prepare.mjs'
import { gatherFacts, isRuntimeReady } from './probe.mjs'
import { Interruption, isRoot, say, SetupError } from './shell.mjs'
import { readState, withLock, writeState } from './state.mjs'
import { ensureTraceRelay } from './trace-relay.mjs'
import { ensureWebApp, webAppProblem } from './web-app.mjs'

/**
 * Makes sure that packages and, where wanted, the sandbox, a browser and the web app are there. Quiet when they are.
 * @param {{ sandbox: boolean, yes: boolean, browser?: boolean, web?: boolean }} options `yes`: do not ask
 */
export async function setUp({ sandbox, yes, browser = false, web = false }) {
  const facts = sandbox ? await gatherFacts() : null
  const steps = planSteps({
    packages: packagesProblem(),
    facts,
    browser: browser && findBrowser() === null,
    web: web ? webAppProblem() : null,
  })
  if (steps.length === 0) return
  const root = facts?.root ?? isRoot()
  if (facts !== null) refuseTheImpossible(facts)
  say(planText(steps, { root }))
  if (!root && steps.some(({ needsRoot }) => needsRoot))
    throw rootRequest(steps, { node: process.execPath, script: `${PROJECT}/setup/run.mjs` })
  if (changesMachine(steps) && !yes) await askOnce()
  if (steps.some(({ id }) => id === 'packages')) await installPackagesFromLock()
  if (browser) await ensureBrowser()
  if (web) await buildWebApp()
  if (sandbox) await withLock('setup', ensureSandbox)
  say('')
}

/** Where the app cannot be built, as in a checkout of somebody else, everything but the app works: the service says so at its place. */
async function buildWebApp() {
  try {
    await ensureWebApp()
  } catch (error) {
    if (!(error instanceof SetupError) || error instanceof Interruption) throw error
    say(`  – the web app is not served: ${error.message}\n  → ${error.advice}`)
  }
}

async function askOnce() {
  const automatic = process.env.CI === 'true' || process.stdin.isTTY !== true || process.stderr.isTTY !== true
  if (automatic) return
  const terminal = createInterface({ input: process.stdin, output: process.stderr })
  const leave = new AbortController()
  // Ctrl-C and Ctrl-D alike leave the question open for ever otherwise.
  terminal.on('SIGINT', () => leave.abort()).on('close', () => leave.abort())
  try {
    const answer = await terminal.question('Go on? [Y/n] ', { signal: leave.signal }).catch(() => {
      throw new Interruption('SIGINT')
    })
    if (!/^(y|yes|)$/i.test(answer.trim()))
      throw new SetupError('Nothing was changed.', 'Run this again when it suits; --yes answers the question.')
  } finally {
    terminal.close()
  }
}

/** Each step looks again before it acts, so an interrupted or concurrent set-up goes on where the other stopped. */
async function ensureSandbox() {
  let facts = await gatherFacts()
  if (!facts.docker.answers) {
    if (!facts.docker.installed) await installEngine()
    if (!(await gatherFacts()).docker.answers) await startEngine()
    facts = await gatherFacts()
  }
  refuseTheImpossible(facts)
  if (!isRuntimeReady(facts.gvisor)) {
    const runsc = await ensureRunsc({ registered: [facts.gvisor.path ?? '', ...facts.gvisor.others] })
    say(`  ✔ runsc ${runsc.version} (${runsc.source}): ${runsc.path}`)
    await registerWithDaemon(runsc.path)
    writeState({ runsc, runtime: RUNTIME })
  }
  const image = await ensureImage()
  facts = await gatherFacts()
  if (!facts.proof.held) prove(facts, image)
  if (facts.root && !facts.image.unpacked) await prepareSingleCommands()
  if (facts.relay.buildable && !facts.relay.built) await buildRelay()
}

/** Where it cannot be built, everything but detection works, which is off by default and says so where it is on. */
async function buildRelay() {
  try {
    await ensureTraceRelay()
  } catch (error) {
    if (!(error instanceof SetupError) || error instanceof Interruption) throw error
    say(`  – sandboxes cannot be traced: ${error.message}\n  → ${error.advice}`)
  }
}

/**
 * @param {import('./probe.mjs').Facts} facts
 * @param {{ tag: string, id: string }} image
 */
function prove(facts, image) {
  proveGvisor(image.tag, RUNTIME)
  const { path, version } = facts.gvisor
  if (path === null || version === null)
    throw new SetupError(`The runtime ${RUNTIME} disappeared from Docker during the set-up.`, 'Run this again.')
  const known = readState().runsc
  const runsc = known?.path === path ? known : { path, version, source: 'registered by somebody else' }
  writeState({ runsc, runtime: RUNTIME, image, proof: facts.proof.key })
  say(`  ✔ a container on ${RUNTIME} says: Starting gVisor (runsc ${version})`)
}
