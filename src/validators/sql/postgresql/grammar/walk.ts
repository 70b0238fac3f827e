import type { RawFinding } from '../../location.ts'
import { allowedNodes, deniedFields } from './node-fields.ts'
import { deniedNodes } from './denied-nodes.ts'
import { isLocationField, isStruct, locationOf, unwrap, type Struct } from '../../syntax-tree.ts'

export interface Visit {
  readonly type: string
  readonly struct: Struct
  /** Depth of nodes, the statement itself is 1. */
  readonly depth: number
  /** Byte offset of this node or the nearest one around it. */
  readonly offset: number
}

/**
 * Every node of the statement with its type, in order, and a finding for each node or field without an entry in the
 * table. Fails closed: a type, a field or a shape the table does not know is a finding, never passed over.
 */
export function walkStatement(select: Struct): { readonly visits: Visit[]; readonly findings: RawFinding[] } {
  const visits: Visit[] = []
  const findings: RawFinding[] = []

  const visitStruct = (type: string, struct: Struct, around: { depth: number; offset: number }): void => {
    const fields = Object.hasOwn(allowedNodes, type) ? allowedNodes[type] : undefined
    const offset = typeof struct['location'] === 'number' ? locationOf(struct) : around.offset
    if (fields === undefined) {
      const reason = Object.hasOwn(deniedNodes, type) ? deniedNodes[type] : 'It is not known to be harmless.'
      findings.push({ rule: 'sql/syntax-not-allowed', offset, message: `${nameOf(type)} is not allowed. ${reason}` })
      return
    }
    const depth = around.depth + 1
    visits.push({ type, struct, depth, offset })
    for (const [field, value] of Object.entries(struct)) {
      if (isLocationField(field)) continue
      const kind = Object.hasOwn(fields, field) ? fields[field] : undefined
      if (kind === undefined) findings.push(deniedField(type, field, offset))
      else if (kind === 'value') visitValue(`${type}.${field}`, value, offset)
      else if (kind === 'node') visitNodes(value, { depth, offset })
      else if (isStruct(value)) visitStruct(kind, value, { depth, offset })
      else findings.push(unknownShape(`${type}.${field}`, offset))
    }
  }
  const visitValue = (where: string, value: unknown, offset: number): void => {
    if (typeof value === 'object') findings.push(unknownShape(where, offset))
  }
  const visitNodes = (value: unknown, around: { depth: number; offset: number }): void => {
    if (Array.isArray(value)) {
      for (const item of value) visitNodes(item, around)
      return
    }
    const node = unwrap(value)
    if (node !== null) visitStruct(node.type, node.struct, around)
    // An empty object is the grammar's NULL in a list: `DISTINCT` without ON, an open end of a slice.
    else if (!isStruct(value) || Object.keys(value).length > 0) findings.push(unknownShape('A node', around.offset))
  }
  visitStruct('SelectStmt', select, { depth: 0, offset: 0 })
  return { visits, findings }
}

function deniedField(type: string, field: string, offset: number): RawFinding {
  const name = `${type}.${field}`
  const reason = Object.hasOwn(deniedFields, name) ? deniedFields[name] : `${name} is not known to be harmless.`
  return { rule: 'sql/syntax-not-allowed', offset, message: reason ?? name }
}

function unknownShape(where: string, offset: number): RawFinding {
  return { rule: 'sql/syntax-not-allowed', offset, message: `${where} has a shape that is not known to be harmless.` }
}

/** The word a person writes for what the grammar names differently. */
const written: Readonly<Record<string, string>> = {
  JsonFuncExpr: 'JSON_VALUE, JSON_QUERY or JSON_EXISTS',
  JsonTable: 'JSON_TABLE',
  XmlExpr: 'This function of XML',
  XmlSerialize: 'XMLSERIALIZE',
  RangeTableFunc: 'XMLTABLE',
}

function nameOf(type: string): string {
  return (Object.hasOwn(written, type) ? written[type] : undefined) ?? type
}
