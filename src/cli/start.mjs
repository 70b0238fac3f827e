#!/usr/bin/env node
// The start in a clone. To take the types out of a first file, Node loads a parser that takes longer than the whole rest of
// `--help`; what it has read once lies with the compiled code, so nothing of TypeScript may come before that is found.
import { processVariables } from '../config/process-variables.mjs'
import { compiledCodeFolder, keepCompiledCode } from './compiled-code.mjs'

keepCompiledCode(compiledCodeFolder(processVariables()))
await import('./main.ts')
