/** For Node: programs from stdin as JSON, each run by a Node of its own; how each ended and what it printed, as JSON. */
export const nodeReference = `
const { spawnSync } = require('node:child_process')
const { writeFileSync } = require('node:fs')
const programs = JSON.parse(require('node:fs').readFileSync(0, 'utf8'))
const answers = programs.map((code) => {
  writeFileSync('/tmp/program.js', code)
  const { status, stdout } = spawnSync(process.execPath, ['/tmp/program.js'], { timeout: 20_000 })
  return [status === 0 ? 'ok' : status === null ? 'timeout' : 'user-error', stdout.toString()]
})
process.stdout.write(JSON.stringify(answers))
`

/** For Python: cells from stdin as JSON, each run in a namespace of its own; how each ended and what it printed. */
export const pythonReference = `
import base64, contextlib, io, json, os, sys
job = json.load(sys.stdin)
for name, content in job['files'].items():
    with open(os.path.join('/tmp', name), 'wb') as file: file.write(base64.b64decode(content))
answers = []
for code in job['cells']:
    text = io.StringIO()
    try:
        with contextlib.redirect_stdout(text): exec(code, {'__name__': '__main__'})
        answers.append(['ok', text.getvalue()])
    except BaseException as error:
        answers.append(['user-error', type(error).__name__])
print(json.dumps(answers))
`

/** Stands in for node:assert where there is no require: loosely equal, member by member. */
export const deepEqualShim = `
const assert = {
  deepEqual(actual, wanted) {
    const same = (one, two) => {
      if (one === null || two === null || typeof one !== 'object' || typeof two !== 'object') {
        return one == two || (Number.isNaN(one) && Number.isNaN(two))
      }
      if (Array.isArray(one) !== Array.isArray(two)) return false
      const names = Object.keys(one)
      return names.length === Object.keys(two).length && names.every((name) => Object.hasOwn(two, name) && same(one[name], two[name]))
    }
    if (!same(actual, wanted)) throw new Error('not equal')
  },
}
`
