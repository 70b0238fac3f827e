import { installOpenWebui } from './open-webui.ts'

const installed = installOpenWebui()
if (typeof installed === 'string') {
  process.stderr.write(`Open WebUI cannot be installed: ${installed}\n`)
  process.exitCode = 1
} else {
  process.stdout.write(`Open WebUI is there, for ${installed.python}\n`)
}
