import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openApiOf } from '../../src/surfaces/openapi/document.ts'
import { adminContract } from '../../src/surfaces/wire/admin/contract.ts'
import { serviceContract } from '../../src/surfaces/wire/service/contract.ts'
import { readOffered } from './operations.ts'
import { operatorTypes } from './write-operator-types.ts'
import { pythonModule } from './write-python.ts'
import { typeScriptFiles } from './write-typescript.ts'

/** What is made here: texts by their paths in the repository. */
export function generatedFiles(root: string): ReadonlyMap<string, string> {
  const offered = readOffered(openApiOf(serviceContract))
  const client = [...typeScriptFiles(offered)].map(([name, text]) => [`src/client/generated/${name}`, text] as const)
  return new Map([
    ...client,
    [
      'src/web/api/generated/operators.ts',
      operatorTypes(readOffered(openApiOf(adminContract), { isOffered: () => true, hasUnionBodies: true })),
    ],
    ['clients/python/sallyport/_operations.py', pythonModule(offered)],
    [page, withExamples(root)],
  ])
}

const page = 'docs/clients.md'

/** The page with each block that a comment before it names as the example has it now. */
function withExamples(root: string): string {
  const shown = /(<!-- (docs\/examples\/clients\/[\w.-]+) -->\n```\w+\n)[\s\S]*?(^```$)/gm
  return readFileSync(join(root, page), 'utf8').replaceAll(
    shown,
    (_whole, begin: string, path: string, end: string) => `${begin}${readFileSync(join(root, path), 'utf8')}${end}`,
  )
}
