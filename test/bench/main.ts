import { benchFiles } from './files.ts'
import { benchFilters } from './filters.ts'
import { benchIsolate } from './isolate.ts'
import { benchSandbox } from './sandbox.ts'
import { benchSql } from './sql.ts'

/** Measurements by the name they are asked for: `npm run bench -- filters`; without a name, all of them. */
const benches: Readonly<Record<string, () => Promise<void>>> = {
  files: benchFiles,
  filters: benchFilters,
  isolate: benchIsolate,
  sandbox: benchSandbox,
  sql: benchSql,
}

const names = process.argv
  .slice(2)
  .filter(
    (argument, index, all) => !argument.startsWith('-') && !/^--(driver|fleet|against)$/.test(all[index - 1] ?? ''),
  )
const unknown = names.filter((name) => !Object.hasOwn(benches, name))
if (unknown.length > 0) {
  console.error(`There is no measurement "${unknown.join('", "')}". There are: ${Object.keys(benches).join(', ')}.`)
  process.exitCode = 2
} else {
  for (const name of names.length > 0 ? names : Object.keys(benches)) await benches[name]?.()
}
