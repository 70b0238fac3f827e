#!/usr/bin/env node
import { processVariables } from '../config/process-variables.mjs'
import { compiledCodeFolder, keepCompiledCode } from './compiled-code.mjs'
import { exitCodes } from './exit-codes.ts'
import { nodeProblem } from './node-version.ts'

const wrongNode = nodeProblem(process.versions.node)
if (wrongNode !== null) {
  process.stderr.write(`sallyport: ${wrongNode}\n`)
  process.exit(exitCodes.usage)
}

const variables = processVariables()
keepCompiledCode(compiledCodeFolder(variables))
// Everything else is loaded after that, so that it is kept compiled.
const { runCommandLine } = await import('./command-process.ts')
await runCommandLine(process.argv.slice(2), variables)
