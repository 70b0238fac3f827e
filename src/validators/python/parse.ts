import { fileURLToPath } from 'node:url'
import { Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter'

export type PythonParse =
  | { readonly kind: 'parsed'; readonly tree: Tree }
  /** The deadline passed before the end of the source. */
  | { readonly kind: 'gave-up' }

/**
 * Parses Python with tree-sitter's grammar (it read all but one of the 1,749 files of CPython 3.11's standard library).
 * Runs in WebAssembly with its own heap and looks at the clock on the way, so a source can neither crash nor hang it.
 */
export class PythonParser {
  #parser: Promise<Parser> | null = null

  /** The caller deletes the tree. */
  async parse(source: string, deadlineMilliseconds: number): Promise<PythonParse> {
    this.#parser ??= loadParser()
    const parser = await this.#parser
    const deadline = performance.now() + deadlineMilliseconds
    // The library stops when the callback answers true; its types leave the answer out.
    const progressCallback = (() => performance.now() > deadline) as () => void
    const tree = parser.parse(source, null, { progressCallback })
    if (tree === null) {
      parser.reset()
      return { kind: 'gave-up' }
    }
    return { kind: 'parsed', tree }
  }
}

async function loadParser(): Promise<Parser> {
  await Parser.init()
  const grammar = fileURLToPath(import.meta.resolve('tree-sitter-python/tree-sitter-python.wasm'))
  const parser = new Parser()
  parser.setLanguage(await Language.load(grammar))
  return parser
}

/**
 * Visits every node in source order without recursion, so that no nesting can exhaust the stack. `enter` answers false
 * to leave a node's children out. Returns the greatest depth seen.
 */
export function walkTree(tree: Tree, enter: (cursor: TreeCursor, depth: number) => boolean): number {
  const cursor = tree.walk()
  let depth = 0
  let deepest = 0
  try {
    for (;;) {
      deepest = Math.max(deepest, depth)
      if (enter(cursor, depth) && cursor.gotoFirstChild()) {
        depth += 1
        continue
      }
      while (!cursor.gotoNextSibling()) {
        if (!cursor.gotoParent()) return deepest
        depth -= 1
      }
    }
  } finally {
    cursor.delete()
  }
}
