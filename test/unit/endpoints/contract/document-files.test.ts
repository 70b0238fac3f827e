import { execFileSync } from 'node:child_process'
import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readFiles } from '../../../../src/endpoints/contract/document-files.ts'
import { readContract } from '../../../../src/endpoints/contract/contract.ts'
import { documentWith } from '../../../support/endpoints/document.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

/** A folder of these files, in a folder that has one more. */
function folderOf(files: Readonly<Record<string, object | string>>): string {
  const outside = temporaryFolder('document-files-')
  writeFileSync(join(outside, 'secret.yaml'), 'secret: { type: string }')
  for (const [name, content] of Object.entries(files)) {
    const path = join(outside, 'api', name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content))
  }
  return join(realpathSync(outside), 'api')
}

const schemaOf = (reference: string) => documentWith({ schema: { $ref: reference } })

describe('a document in files', () => {
  it('is one: each reference leads to what it names, from wherever it stands', async () => {
    verifies('endpoints.files')
    const folder = folderOf({
      'openapi.json': {
        ...documentWith({
          schema: { $ref: './schemas/order.yaml' },
          components: { schemas: { Size: { type: 'integer' } } },
        }),
      },
      'schemas/order.yaml':
        'type: object\nrequired: [item, size]\nproperties:\n  item: { $ref: "#/$defs/it~1em" }\n  size: { $ref: "../openapi.json#/components/schemas/Size" }\n  next: { $ref: order.yaml }\n  name: { $ref: "../a%20b/text.json#/Text" }\n$defs:\n  it/em: { type: string, maxLength: 3 }\n',
      'a b/text.json': { Text: { $ref: '#/Other' }, Other: { type: 'string', pattern: '^a' } },
    })
    const { operations } = await readContract('classifier', join(folder, 'openapi.json'))
    const rule = operations[0]?.body?.types.get('application/json')
    if (rule?.kind !== 'json') throw new Error('There is no rule.')
    expect(rule.check({ item: 'abc', size: 1, name: 'a', next: { item: 'a', size: 2 } })).toBeNull()
    expect(rule.check({ item: 'abcd', size: 1 })?.place).toBe('.item')
    expect(rule.check({ item: 'abc', size: 'x' })?.place).toBe('.size')
    expect(rule.check({ item: 'abc', size: 1, name: 'b' })?.place).toBe('.name')
    expect(rule.check({ item: 'abc', size: 1, next: { item: 'abcd', size: 1 } })?.place).toBe('.next.item')
  })

  it('may stand behind links within its folder, as volumes of Kubernetes do', async () => {
    const folder = folderOf({
      '..data/openapi.json': schemaOf('text.yaml#/Text'),
      '..data/text.yaml': 'Text: { type: string }',
    })
    for (const name of ['openapi.json', 'text.yaml']) symlinkSync(join('..data', name), join(folder, name))
    const { operations } = await readContract('classifier', join(folder, 'openapi.json'))
    expect(operations).toHaveLength(1)
  })

  it.each([
    ['a file above it', schemaOf('../secret.yaml#/secret'), "points out of the document's folder"],
    ['a file above it, escaped', schemaOf('%2e%2e/secret.yaml#/secret'), "points out of the document's folder"],
    ['a link out of it', schemaOf('link.yaml#/secret'), "points out of the document's folder"],
    ['a file above it, by a detour', schemaOf('sub/../../secret.yaml#/secret'), "points out of the document's folder"],
    ['an absolute path', schemaOf('/etc/passwd'), 'nothing is fetched'],
    ['a host', schemaOf('//127.0.0.1/a.yaml'), 'nothing is fetched'],
    ['an address', schemaOf('http://127.0.0.1:1/a.yaml#/A'), 'nothing is fetched'],
    ['a file by an address', schemaOf('file:///etc/passwd'), 'nothing is fetched'],
    ['a name in it', schemaOf('#Text'), 'is no JSON pointer'],
    ['no file', schemaOf('missing.yaml'), 'points to missing.yaml, which cannot be read'],
    ['a folder', schemaOf('sub'), 'points to sub, which cannot be read: it is no file'],
    ['what nobody would write to', schemaOf('pipe.yaml'), 'points to pipe.yaml, which cannot be read: it is no file'],
    ['what is no JSON', schemaOf('broken.yaml'), 'points to broken.yaml, which is neither JSON nor YAML'],
    ['nothing in a file', schemaOf('good.yaml#/Other'), 'good.yaml/Other'],
    ['a misspelled keyword in a file', schemaOf('good.yaml#/Bad'), '/x-files/good.yaml/Bad/maxLenght is no keyword'],
    ['too much', schemaOf('large.yaml'), 'more than 4,194,304 bytes, with all files of the document'],
    [
      'too much in two files, of bytes and not of characters',
      documentWith({ schema: { allOf: [{ $ref: 'accents.yaml' }, { $ref: 'more-accents.yaml' }] } }),
      'more than 4,194,304 bytes, with all files of the document',
    ],
  ])('is refused where it points to %s', async (_what, document, words) => {
    verifies('endpoints.files')
    const folder = folderOf({
      'openapi.json': document,
      'sub/other.yaml': 'a: 1',
      'broken.yaml': 'a: [',
      'good.yaml': 'Good: { type: string }\nBad: { type: string, maxLenght: 1 }',
      'large.yaml': `a: ${'x'.repeat(4_194_304)}`,
      'accents.yaml': `title: ${'é'.repeat(1_050_000)}`,
      'more-accents.yaml': `title: ${'é'.repeat(1_050_000)}`,
    })
    symlinkSync('../secret.yaml', join(folder, 'link.yaml'))
    execFileSync('mkfifo', [join(folder, 'pipe.yaml')])
    await expect(readContract('classifier', join(folder, 'openapi.json'))).rejects.toThrow(words)
  })

  it('is read no further than so many files', async () => {
    const chain = Object.fromEntries(
      Array.from({ length: 202 }, (_, index) => [`${index}.json`, { a: { $ref: `${index + 1}.json` } }]),
    )
    const folder = folderOf({ ...chain, 'openapi.json': { $ref: '0.json' } })
    await expect(readFiles(join(folder, 'openapi.json'))).rejects.toThrow('leads to more than 200 files')
  })
})
