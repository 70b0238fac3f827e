import { pascal, type Member, type NamedType, type Shape } from './document.ts'
import { namesIn, type Body, type Offered, type Operation } from './operations.ts'
import { fieldOf } from './write-typescript.ts'

const head = `# Written by \`npm run clients\` from the OpenAPI document of the service; changes are made there.
"""Types and operations of the service."""

from __future__ import annotations

import http.client
from typing import Any, Iterator, List, Literal, Mapping, NotRequired, Optional, Sequence, TypedDict, Union

from ._transport import Call, CallOptions, FileInput, Transport, given, segment
`

const simple: Readonly<Record<string, string>> = {
  text: 'str',
  whole: 'int',
  number: 'float',
  truth: 'bool',
  nothing: 'None',
  json: 'Any',
  bytes: 'FileInput',
}

/** Of Python 3.11 and later, in small letters: what is written in them here is. */
const keywords = new Set(
  (
    'and as assert async await break class continue def del elif else except finally for from global if import in is lambda ' +
    'nonlocal not or pass raise return try while with yield'
  ).split(' '),
)

const quoted = (text: string): string => JSON.stringify(text)
const literal = (value: string | number | boolean): string => {
  if (typeof value === 'boolean') return value ? 'True' : 'False'
  return JSON.stringify(value)
}
const docText = (text: string): string =>
  `"""${text.replaceAll('\\', '\\\\').replaceAll('"""', "'''").replaceAll(/\s+/g, ' ')}"""`
const nameOf = (wire: string): string => {
  const name = fieldOf(wire)
    .replaceAll(/([a-z])([A-Z])/g, '$1_$2')
    .toLowerCase()
  return keywords.has(name) ? `${name}_` : name
}

/** `given`: what a caller gives, which may be of any kind of list. */
function typeOf(shape: Shape, isGiven: boolean): string {
  const inner = (of: Shape): string => typeOf(of, isGiven)
  if (shape.kind === 'named') return shape.name
  if (shape.kind === 'literals') return `Literal[${shape.values.map(literal).join(', ')}]`
  if (shape.kind === 'list') return `${isGiven ? 'Sequence' : 'List'}[${inner(shape.of)}]`
  if (shape.kind === 'map') return `Mapping[str, ${inner(shape.of)}]`
  if (shape.kind === 'either') return eitherOf(shape.of.map(inner))
  return simple[shape.kind] ?? ''
}

function eitherOf(types: readonly string[]): string {
  const some = types.filter((type) => type !== 'None')
  const together = some.length === 1 ? (some[0] ?? '') : `Union[${some.join(', ')}]`
  return some.length === types.length ? together : `Optional[${together}]`
}

/** Types that a caller gives, with what they are made of. */
function givenTypes({ operations, types }: Offered): ReadonlySet<string> {
  const byName = new Map(types.map((type) => [type.name, type]))
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    const { is } = byName.get(name) ?? {}
    if (is === undefined) return
    for (const inner of 'shape' in is ? namesIn(is.shape) : is.members.flatMap(({ shape }) => namesIn(shape)))
      visit(inner)
  }
  for (const { body } of operations) for (const { shape } of body?.members ?? []) namesIn(shape).forEach(visit)
  return found
}

function typeText({ name, about, is }: NamedType, isGiven: boolean): string {
  if ('shape' in is) return `${name} = ${typeOf(is.shape, isGiven)}\n`
  const said = about === null ? '' : `    ${docText(about)}\n\n`
  const types = is.members.map(({ shape, isRequired }) => {
    const type = typeOf(shape, isGiven)
    return isRequired ? type : `NotRequired[${type}]`
  })
  if (!is.members.every((member) => isWritable(member.name))) {
    const entries = is.members.map((member, at) => {
      const before = member.about === null ? '' : `    # ${member.about.replaceAll(/\s+/g, ' ')}\n`
      return `${before}    ${quoted(member.name)}: ${quoted(types[at] ?? '')},\n`
    })
    return `${name} = TypedDict(${quoted(name)}, {\n${entries.join('')}})\n${about === null ? '' : `${docText(about)}\n`}`
  }
  const members = is.members.map(
    (member, at) =>
      `    ${member.name}: ${types[at]}\n${member.about === null ? '' : `    ${docText(member.about)}\n`}`,
  )
  return `class ${name}(TypedDict):\n${said}${members.join('')}`
}

/** Can a member of this name be written as a statement of a class? */
const isWritable = (name: string): boolean => /^[a-z_]\w*$/i.test(name) && !keywords.has(name)

const argument = ({ name, isRequired, shape }: Member): string => {
  const type = typeOf(shape, true)
  if (isRequired) return `${nameOf(name)}: ${type}`
  return `${nameOf(name)}: ${type.startsWith('Optional[') ? type : `Optional[${type}]`} = None`
}

function membersText(members: readonly Member[]): string {
  return members.map(({ name }) => `${quoted(name)}: ${nameOf(name)}`).join(', ')
}

function bodyText(body: Body, more: string): string {
  const extra = body.isOpen ? '**(more or {}), ' : ''
  return `{${extra}**given(**{${membersText(body.members)}})${more}}`
}

function methodText(operation: Operation): string {
  const { name, method, path, pathParameters, query, body, answer, stream, isIdempotent, about } = operation
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, parameter: string) => `{segment(${nameOf(parameter)})}`)
  const named = [...query, ...(body?.members ?? [])].toSorted(
    (one, other) => Number(other.isRequired) - Number(one.isRequired),
  )
  const given = [
    'self',
    ...pathParameters.map(argument),
    ...(named.length === 0 && body?.isOpen !== true ? [] : ['*']),
    ...named.map(argument),
    ...(body?.isOpen === true ? ['more: Optional[Mapping[str, Any]] = None'] : []),
    'options: Optional[CallOptions] = None',
  ].join(', ')
  const call = (more = ''): string => {
    const parts = [quoted(method), filled === path ? quoted(path) : `f${quoted(filled)}`]
    if (query.length > 0) parts.push(`query=given(**{${membersText(query)}})`)
    if (body !== null) parts.push(`${body.form === 'form' ? 'form' : 'body'}=${bodyText(body, more)}`)
    if (isIdempotent) parts.push('is_idempotent=True')
    return `Call(${parts.join(', ')})`
  }
  const [how, answered] =
    answer === null
      ? ['nothing', 'None']
      : answer.kind === 'bytes'
        ? ['content', 'http.client.HTTPResponse']
        : ['json', typeOf(answer, false)]
  const whole = `    def ${nameOf(name)}(${given}) -> ${answered}:
        ${docText(about)}
${how === 'json' ? `        answer: ${answered} = self._transport.json(${call()}, options)\n        return answer` : `        return self._transport.${how}(${call()}, options)`}
`
  if (stream === null) return whole
  return `${whole}
    def ${nameOf(name)}_stream(${given}) -> Iterator[${typeOf(stream.event, false)}]:
        ${docText(`${about} Its events as they come; leaving the loop ends it.`)}
        return self._transport.events(${call(', "stream": True')}, options, ${quoted(stream.last)})
`
}

/** The module of types and operations. */
export function pythonModule(offered: Offered): string {
  const givenNames = givenTypes(offered)
  const bodies = new Set(offered.operations.flatMap(({ body }) => (body === null ? [] : [body.name])))
  // Members of a body are arguments.
  const types = offered.types.filter(({ name }) => !bodies.has(name))
  const groups = [...Map.groupBy(offered.operations, ({ group }) => group)]
  const classes = groups.map(
    ([group, operations]) => `class ${pascal(group)}:
    ${docText(`Of the operations \`${group}.*\`.`)}

    def __init__(self, transport: Transport) -> None:
        self._transport = transport

${operations.map(methodText).join('\n')}`,
  )
  const client = `class Operations:
    ${docText('What the service offers, by the names of its OpenAPI document.')}

    def __init__(self, transport: Transport) -> None:
${groups.map(([group]) => `        self.${group} = ${pascal(group)}(transport)\n`).join('')}`
  return [head, ...types.map((type) => typeText(type, givenNames.has(type.name))), ...classes, client].join('\n\n')
}
