#!/usr/bin/env node
// Entry of every npm script. Runs on the host's Node (20 or later) without packages: it is what installs them.
import { readFileSync } from 'node:fs'
import { spawn } from 'node:child_process'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { examplePython } from './example.mjs'
import { PROJECT, projectNode } from './packages.mjs'
import { gatherFacts } from './probe.mjs'
import { Interruption, say, SetupError } from './shell.mjs'
import { setUp } from './set-up.mjs'
import { TARGETS } from './targets.mjs'

const EXIT = { failure: 1, usage: 2, sandboxUnavailable: 5 }

/** @param {string[]} parameters */
async function main([name = '', ...rest]) {
  const major = Number(process.versions.node.split('.')[0])
  if (major < 20)
    return fail(
      EXIT.usage,
      `Node ${process.versions.node} is too old to set this up.`,
      'Install Node 20 or later; it then brings its own Node 24.',
    )
  if (name === 'probe') return void process.stdout.write(`${JSON.stringify(await gatherFacts(), null, 2)}\n`)
  if (name === 'example') return printExample(rest[0] ?? '')
  const target = TARGETS[name]
  if (target === undefined)
    return fail(
      EXIT.usage,
      `There is no target "${name}".`,
      `There are: ${[...Object.keys(TARGETS), 'probe', 'example'].join(', ')}.`,
    )
  const sandbox = target.sandbox && !rest.some((parameter) => target.withoutSandbox?.includes(parameter))
  const yes = target.sandbox && (rest.includes('--yes') || rest.includes('-y'))
  const given = yes ? rest.filter((parameter) => parameter !== '--yes' && parameter !== '-y') : rest
  try {
    await setUp({ sandbox, yes, web: target.web?.(rest) ?? false, browser: target.browser?.(rest) ?? false })
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    if (error instanceof Interruption) return fail(error.exitCode, error.message, error.advice)
    return fail(sandbox ? EXIT.sandboxUnavailable : EXIT.failure, error.message, error.advice)
  }
  if (name === 'setup') say('✔ Everything is in place.')
  for (const [index, command] of target.commands.entries()) {
    const isLast = index === target.commands.length - 1
    process.exitCode = await runToEnd(isLast ? [...command, ...given] : command, target)
    if (process.exitCode !== 0) return
  }
}

/**
 * Makes sure that an example has its Python, and prints where it is as JSON.
 * @param {string} name
 */
async function printExample(name) {
  try {
    process.stdout.write(`${JSON.stringify(await examplePython(name))}\n`)
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    fail(error instanceof Interruption ? error.exitCode : EXIT.failure, error.message, error.advice)
  }
}

/**
 * @param {number} code
 * @param {string} message
 * @param {string} advice
 */
function fail(code, message, advice) {
  say(`✖ ${message}${advice === '' ? '' : `\n  → ${advice}`}`)
  process.exitCode = code
}

/**
 * Runs the program in our place: same terminal, signals passed on, its exit status as ours.
 * @param {string[]} command
 * @param {Pick<import('./targets.mjs').Target, 'folder' | 'environment'>} target
 * @returns {Promise<number>}
 */
function runToEnd([program = '', ...parameters], { folder, environment: defaults = {} }) {
  const node = projectNode() ?? process.execPath
  const environment = {
    ...defaults,
    ...process.env,
    PATH: [join(PROJECT, 'node_modules', '.bin'), process.env.PATH].join(delimiter),
  }
  const script = parameters.findIndex((parameter) => !parameter.startsWith('--'))
  const child = spawn(program === 'node' ? node : program, parameters.map(absolute), {
    cwd: folder === 'project' ? PROJECT : personsFolder(),
    env: environment,
    stdio: 'inherit',
  })
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !terminalSendsInterrupts()) child.kill(signal)
    })
  }
  return new Promise((resolve) => {
    child.on('error', (error) => {
      say(`✖ ${program} did not start: ${error.message}`)
      resolve(EXIT.failure)
    })
    child.on('exit', (status, signal) => resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal])))
  })

  /** @param {string} parameter @param {number} index */
  function absolute(parameter, index) {
    return index === script && /^(src|test)\//.test(parameter) ? join(PROJECT, parameter) : parameter
  }
}

/** npm runs scripts in the package's folder and keeps where the person stood in INIT_CWD; a path they give is meant from there. */
const personsFolder = () => process.env.INIT_CWD ?? process.cwd()

/** Whether our process group has the terminal: then Ctrl-C reaches the program by itself, and passing it on would count twice. */
function terminalSendsInterrupts() {
  const stat = readFileSync('/proc/self/stat', 'utf8')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[2] === fields[5]
}

await main(process.argv.slice(2))
