/**
 * Several programs as one, so that what all of them take is counted: `together-subject.ts JSON…`, a list of words each. What they write
 * is written here; the end of one, or of this, is the end of all.
 */
import { spawn } from 'node:child_process'

const children = process.argv.slice(2).map((command) => {
  const [program = '', ...words] = JSON.parse(command) as string[]
  return spawn(program, words, { stdio: 'inherit' })
})
const endAll = () => {
  for (const child of children) child.kill('SIGTERM')
}
for (const child of children) child.on('exit', endAll)
process.on('SIGTERM', endAll)
