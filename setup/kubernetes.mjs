#!/usr/bin/env node
// `npm run kubernetes -- up|down|status|env`: a Kubernetes of one node on this machine, for tests.
import { down, status, up } from './kubernetes/cluster.mjs'
import { missingPrograms } from './kubernetes/programs.mjs'
import { Interruption, say, SetupError } from './shell.mjs'

const USAGE = `npm run kubernetes -- up       make the cluster, or start what of it is not at work
                      down     end and remove all of it but its programs
                      status   what there is, as JSON
                      env      variables for a shell: eval "$(npm run -s kubernetes -- env)"`

/** @type {Record<string, () => void | Promise<void>>} */
const commands = {
  up,
  down,
  status: () => void process.stdout.write(`${JSON.stringify({ ...status(), missing: missingPrograms() }, null, 2)}\n`),
  env: () => {
    const { kubeconfig, kubectl } = status()
    const folder = kubectl.slice(0, kubectl.lastIndexOf('/'))
    process.stdout.write(`export KUBECONFIG='${kubeconfig.administrator}'\nexport PATH='${folder}':"$PATH"\n`)
  },
}

const [name = '', ...more] = process.argv.slice(2)
const command = Object.hasOwn(commands, name) && more.length === 0 ? commands[name] : undefined
if (command === undefined) {
  process.stderr.write(`${USAGE}\n`)
  process.exitCode = 2
} else {
  try {
    await command()
  } catch (error) {
    if (!(error instanceof SetupError)) throw error
    say(`✖ ${error.message}${error.advice === '' ? '' : `\n  → ${error.advice}`}`)
    process.exitCode = error instanceof Interruption ? error.exitCode : 1
  }
}
