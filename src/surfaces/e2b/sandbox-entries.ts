import type { Artifact } from '../../core/result.ts'
import { home } from '../sandbox-path.ts'

/** An entry as the clients know it. Who owns it, when it was changed and what may be done with it is not known. */
export interface EntryJson {
  readonly name: string
  readonly type: 'FILE_TYPE_FILE' | 'FILE_TYPE_DIRECTORY'
  readonly path: string
  /** Of 64 bits, which stand as a text in the JSON of Protocol Buffers. */
  readonly size: string
}

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

export const fileEntry = ({ path, bytes }: Artifact): EntryJson => ({
  name: nameOf(path),
  type: 'FILE_TYPE_FILE',
  path: `${home}/${path}`,
  size: String(bytes),
})

export const folderEntry = (path: string): EntryJson => ({
  name: path === '' ? nameOf(home) : nameOf(path),
  type: 'FILE_TYPE_DIRECTORY',
  path: path === '' ? home : `${home}/${path}`,
  size: '0',
})

/** Every folder above a path but `/mnt/data`: of `a/b/c` those are `a` and `a/b`. */
function above(path: string): readonly string[] {
  const names = path.split('/')
  return names.slice(1).map((_, index) => names.slice(0, index + 1).join('/'))
}

/** Folders that hold something, and those that were made. */
export function foldersOf(files: readonly Artifact[], made: ReadonlySet<string>): ReadonlySet<string> {
  const all = new Set(['', ...made, ...[...made].flatMap(above)])
  for (const { path } of files) for (const folder of above(path)) all.add(folder)
  return all
}

/** What there is at a path; null for nothing. */
export function entryAt(path: string, files: readonly Artifact[], made: ReadonlySet<string>): EntryJson | null {
  const file = files.find((each) => each.path === path)
  if (file !== undefined) return fileEntry(file)
  return foldersOf(files, made).has(path) ? folderEntry(path) : null
}

/** What is in a folder, down to so many levels, by path. */
export function entriesBelow(
  folder: string,
  depth: number,
  { files, made }: { readonly files: readonly Artifact[]; readonly made: ReadonlySet<string> },
): readonly EntryJson[] {
  const prefix = folder === '' ? '' : `${folder}/`
  const isIn = (path: string): boolean =>
    path !== folder && path.startsWith(prefix) && path.slice(prefix.length).split('/').length <= depth
  const folders = [...foldersOf(files, made)].filter((path) => path !== '' && isIn(path)).map(folderEntry)
  const entries = [...folders, ...files.filter(({ path }) => isIn(path)).map(fileEntry)]
  return entries.toSorted((one, other) => (one.path < other.path ? -1 : 1))
}
