import { settingsFrom } from './settings.ts'
import * as names from './names/main.ts'
import { modelBytes as bytesOfNames, writeModel as writeNames } from './names/write-model.ts'
import * as toxicity from './toxicity/main.ts'
import { modelBytes as bytesOfToxicity, writeModel as writeToxicity } from './toxicity/write-model.ts'

const say = (line: string): void => void process.stderr.write(`${line}\n`)

/** Each makes its model anew with the settings that are given, writes it where it is shipped, and says how long it is. */
const models: Readonly<Record<string, (parameters: readonly string[]) => { path: string; bytes: number }>> = {
  names(parameters) {
    const parts = names.makeNames(settingsFrom(parameters, names.defaults), say)
    writeNames(names.modelPath, parts)
    return { path: names.modelPath, bytes: bytesOfNames(parts).length }
  },
  toxicity(parameters) {
    const parts = toxicity.makeToxicity(settingsFrom(parameters, toxicity.defaults), say)
    writeToxicity(toxicity.modelPath, parts)
    return { path: toxicity.modelPath, bytes: bytesOfToxicity(parts).length }
  },
}

const [name = '', ...parameters] = process.argv.slice(2)
const train = models[name]
try {
  if (train === undefined) {
    throw new Error(`There is no model "${name}". There are: ${Object.keys(models).join(', ')}.`)
  }
  const { path, bytes } = train(parameters)
  say(`${path}: ${bytes} bytes`)
} catch (thrown) {
  say((thrown as Error).message)
  process.exitCode = 2
}
