import { trainNames } from './names/main.ts'
import { trainToxicity } from './toxicity/main.ts'

const models: Readonly<Record<string, (parameters: readonly string[]) => void>> = {
  names: trainNames,
  toxicity: trainToxicity,
}

const [name = '', ...parameters] = process.argv.slice(2)
const train = models[name]
if (train === undefined) {
  process.stderr.write(`There is no model "${name}". There are: ${Object.keys(models).join(', ')}.\n`)
  process.exitCode = 2
} else train(parameters)
