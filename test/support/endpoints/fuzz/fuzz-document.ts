/**
 * An OpenAPI 3.1 document with every place, style and kind of body that a guarded endpoint takes. Lists in one text have an element:
 * an empty text could be a list of none, or of an empty one.
 */

const answers = (schema: object = { $ref: '#/components/schemas/Seen' }) => ({
  200: { description: 'What was counted.', content: { 'application/json': { schema } } },
})
const json = (schema: object) => ({ 'application/json': { schema } })
const query = (name: string, schema: object, more: object = {}) => ({ name, in: 'query', schema, ...more })
const integer = (minimum: number, maximum: number) => ({ type: 'integer', minimum, maximum })
const word = { type: 'string', pattern: '^[a-z]{1,8}$' }
const id = { name: 'id', in: 'path', required: true, schema: integer(1, 1_000_000) }

const paths = {
  '/mark/{n}': {
    get: {
      operationId: 'mark',
      parameters: [{ name: 'n', in: 'path', required: true, schema: integer(0, 1_000_000_000) }],
      responses: answers(),
    },
  },
  '/items/{id}': {
    get: {
      operationId: 'find',
      parameters: [
        id,
        query('kind', { enum: ['cat', 'dog', 'a b', 'ü&='] }, { required: true }),
        query('limit', integer(1, 100)),
        query('share', { type: 'number', exclusiveMinimum: 0, maximum: 1 }),
        query('exact', { type: 'boolean' }),
        query('tags', { type: 'array', maxItems: 5, uniqueItems: true, items: word }),
        query('ids', { type: 'array', minItems: 1, maxItems: 4, items: integer(-9, 9) }, { explode: false }),
        query(
          'sizes',
          { type: 'array', minItems: 1, items: integer(0, 9) },
          { style: 'spaceDelimited', explode: false },
        ),
        query(
          'flags',
          { type: 'array', minItems: 1, items: { type: 'boolean' } },
          { style: 'pipeDelimited', explode: false },
        ),
        query(
          'filter',
          {
            type: 'object',
            required: ['name'],
            additionalProperties: false,
            properties: { name: { type: 'string', minLength: 1, maxLength: 10 }, least: integer(0, 9) },
          },
          { style: 'deepObject' },
        ),
        { name: 'where', in: 'query', content: json({ $ref: '#/components/schemas/Tree' }) },
        { name: 'x-trace', in: 'header', schema: { type: 'string', pattern: '^[0-9a-f]{8}$' } },
        { name: 'x-parts', in: 'header', schema: { type: 'array', minItems: 1, maxItems: 3, items: integer(0, 99) } },
      ],
      responses: answers(),
    },
    patch: {
      operationId: 'change',
      parameters: [id],
      requestBody: {
        content: {
          'application/merge-patch+json': {
            schema: {
              type: 'object',
              minProperties: 1,
              maxProperties: 4,
              patternProperties: { '^[a-z]{1,4}$': { type: ['string', 'null', 'number'] } },
              additionalProperties: false,
            },
          },
        },
      },
      responses: answers(),
    },
    delete: { operationId: 'drop', parameters: [id], responses: answers() },
  },
  '/models/{model}/predict': {
    post: {
      operationId: 'predict',
      parameters: [
        { name: 'model', in: 'path', required: true, schema: { type: 'string', pattern: '^[a-z][a-z0-9.-]{0,12}$' } },
        query('top', integer(1, 10)),
      ],
      requestBody: { required: true, content: json({ $ref: '#/components/schemas/Question' }) },
      responses: answers(),
    },
  },
  '/shapes': {
    post: {
      operationId: 'shapes',
      requestBody: {
        required: true,
        content: json({ type: 'array', minItems: 1, maxItems: 6, items: { $ref: '#/components/schemas/Shape' } }),
      },
      responses: answers(),
    },
  },
  '/notes/{name}.txt': {
    put: {
      operationId: 'note',
      parameters: [{ name: 'name', in: 'path', required: true, schema: word }],
      requestBody: { required: true, content: { 'text/plain': {}, 'application/octet-stream': {} } },
      responses: answers(),
    },
  },
  '/forms': {
    post: {
      operationId: 'form',
      requestBody: {
        required: true,
        content: {
          'multipart/form-data': { schema: { $ref: '#/components/schemas/Form' } },
          'application/x-www-form-urlencoded': { schema: { $ref: '#/components/schemas/Form' } },
        },
      },
      responses: answers(),
    },
  },
  '/pictures': {
    post: {
      operationId: 'picture',
      requestBody: {
        required: true,
        content: { 'image/png': {}, 'image/jpeg': {}, 'image/gif': {}, 'image/webp': {} },
      },
      responses: answers(),
    },
  },
  '/gallery': {
    post: {
      operationId: 'gallery',
      requestBody: { required: true, content: json({ $ref: '#/components/schemas/Gallery' }) },
      responses: answers(),
    },
  },
}

const schemas = {
  Seen: { type: 'object', required: ['seen'], additionalProperties: false, properties: { seen: { type: 'string' } } },
  Tree: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', minLength: 1, maxLength: 12 },
      count: { type: 'integer', minimum: 0, multipleOf: 3, maximum: 300 },
      children: { type: 'array', maxItems: 3, items: { $ref: '#/components/schemas/Tree' } },
    },
  },
  Shape: {
    oneOf: [
      {
        type: 'object',
        required: ['kind', 'radius'],
        unevaluatedProperties: false,
        properties: { kind: { const: 'circle' }, radius: { type: 'number', exclusiveMinimum: 0, maximum: 50 } },
      },
      {
        type: 'object',
        required: ['kind', 'sides'],
        additionalProperties: false,
        properties: {
          kind: { const: 'box' },
          sides: { type: 'array', prefixItems: [integer(1, 9), integer(1, 9)], items: false, minItems: 2 },
        },
      },
      { type: 'null' },
    ],
  },
  Question: {
    type: 'object',
    required: ['pixels', 'user'],
    additionalProperties: false,
    dependentRequired: { seed: ['top'] },
    properties: {
      pixels: { type: 'array', minItems: 1, maxItems: 16, items: { type: 'number', minimum: 0, maximum: 1 } },
      user: { type: 'string', pattern: String.raw`^\S{1,16}$` },
      title: { type: 'string', pattern: '^.{0,20}$' },
      top: integer(1, 10),
      seed: { type: 'integer', format: 'int32', minimum: -2_147_483_648, maximum: 2_147_483_647 },
      labels: { type: 'array', maxItems: 5, uniqueItems: true, items: { enum: ['a', 'b', 1, true, null] } },
      tree: { $ref: '#/components/schemas/Tree' },
      either: { anyOf: [{ type: 'boolean' }, integer(0, 5), { type: 'string', maxLength: 3 }] },
    },
  },
  Form: {
    type: 'object',
    required: ['name'],
    additionalProperties: false,
    properties: {
      name: { type: 'string', pattern: '^qz[a-z]{0,8}$' },
      note: { type: 'string', maxLength: 10 },
      top: integer(1, 10),
      share: { type: 'number', exclusiveMinimum: 0, maximum: 1 },
      exact: { type: 'boolean' },
      tags: { type: 'array', maxItems: 3, items: { type: 'string', enum: ['xa', 'xb', 'ü &='] } },
    },
  },
  Gallery: {
    type: 'object',
    required: ['images'],
    additionalProperties: false,
    properties: {
      images: {
        type: 'array',
        minItems: 1,
        maxItems: 3,
        items: { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/*' },
      },
      top: integer(1, 10),
    },
  },
}

export const fuzzDocument = {
  openapi: '3.1.0',
  info: { title: 'A service of every kind', version: '1' },
  paths,
  components: { schemas },
}
