/** Types that a database made itself, for `valueRows`. */
export const valueTypes = `
  CREATE DOMAIN score AS integer;
  CREATE DOMAIN scores AS integer[];
  CREATE DOMAIN fee AS numeric(30,18);
  CREATE TYPE mood AS ENUM ('good', 'a, "b"');
  CREATE TYPE pair AS (amount numeric, "a name" text);
  CREATE TYPE nested AS (items pair[], marks scores, at timestamptz);`

/** What leaves of a value of PostgreSQL: an expression, and the JSON of it. */
export const valueRows: readonly (readonly [claim: string, sql: string, expected: unknown])[] = [
  ['D7: a numeric that is no double', '4503599627370497.75::numeric', '4503599627370497.75'],
  ['D7: a numeric with zeros at its end', '1.10::numeric(10,2)', 1.1],
  ['D7: an average', 'avg(x) FROM (VALUES (1), (2)) v (x)', 1.5],
  ['D7: a fraction that does not end', '10::numeric / 3', '3.3333333333333333'],
  ['D7: numeric in jsonb', `'{"a": [1.123456789012345678, 1.50]}'::jsonb`, { a: ['1.123456789012345678', 1.5] }],
  ['D7: a number in json', `'[1e400, 12345678901234567890]'::json`, ['1e400', '12345678901234567890']],
  ['D7: numeric in an array', 'ARRAY[1.123456789012345678, 1.5, NULL]', ['1.123456789012345678', 1.5, null]],
  ['D7: bigint', '9007199254740993::bigint', '9007199254740993'],
  ['D7: bigint in an array', 'ARRAY[9007199254740993, 1]', ['9007199254740993', 1]],
  ['D9: float4', '0.1::float4', 0.1],
  ['D9: float4 in an array', 'ARRAY[0.1::float4, 3.4e38::float4]', [0.1, 3.4e38]],
  ['D9: float8', '0.1::float8 + 0.2::float8', 0.1 + 0.2],
  ['D9: what is no number', `ARRAY['NaN'::float8, 'Infinity', '-Infinity']`, ['NaN', 'Infinity', '-Infinity']],
  ['D9: numeric without an end', `'-Infinity'::numeric`, '-Infinity'],
  ['D7: a range', 'numrange(1.123456789012345678, 2)', '[1.123456789012345678,2)'],
  ['D7: an interval', `'1 mon 2 days 03:00:00.000001'::interval`, '1 mon 2 days 03:00:00.000001'],
  ['D15: an array of a domain', 'ARRAY[1, NULL, 2]::score[]', [1, null, 2]],
  [
    'D15: an array of arrays of a domain',
    'ARRAY[[1, 2], [3, NULL]]::score[]',
    [
      [1, 2],
      [3, null],
    ],
  ],
  ['D15: a domain over an integer', '7::score', 7],
  ['D15: a domain over an array', 'ARRAY[1, 2]::scores', [1, 2]],
  ['D15: an array of a domain over an array', 'ARRAY[ARRAY[1, 2]::scores, ARRAY[3]::scores]', [[1, 2], [3]]],
  ['D15: an array of a domain over numeric', 'ARRAY[1.123456789012345678, 1.5]::fee[]', ['1.123456789012345678', 1.5]],
  ['D15: an array of an enum', `ARRAY['good', 'a, "b"']::mood[]`, ['good', 'a, "b"']],
  ['D15: a composite', `ROW(1.50, 'x, "y" \\ (z)')::pair`, { amount: 1.5, 'a name': 'x, "y" \\ (z)' }],
  ['D15: a composite of nothing', "ROW(NULL, '')::pair", { amount: null, 'a name': '' }],
  [
    'D15: a composite in an array in a composite',
    `ROW(ARRAY[ROW(1, 'x')::pair, NULL], ARRAY[1, 2], '2024-02-29 12:00:00+00')::nested`,
    { items: [{ amount: 1, 'a name': 'x' }, null], marks: [1, 2], at: '2024-02-29T12:00:00Z' },
  ],
  ['D15: a row without a type', 'ROW(1, 2)', '(1,2)'],
]
