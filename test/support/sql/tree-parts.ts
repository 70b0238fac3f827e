import { isStruct } from '../../../src/validators/sql/syntax-tree.ts'

/** A part of a tree that a test changes and puts back. */
export type TreePart = Record<string, unknown>

const isPart = (value: unknown): value is TreePart => isStruct(value)

/** Every object of a tree, in a fixed order, with the path that leads to it; the fields named are not looked into. */
export function partsOf(
  value: unknown,
  passedOver: ReadonlySet<string> = new Set(),
  path = '',
): { readonly path: string; readonly part: TreePart }[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => partsOf(item, passedOver, `${path}[${index}]`))
  if (!isPart(value)) return []
  const inner = Object.entries(value).filter(([field]) => !passedOver.has(field))
  return [{ path, part: value }, ...inner.flatMap(([field, part]) => partsOf(part, passedOver, `${path}.${field}`))]
}
