import { share } from '../../checked-sentence.ts'
import { asked, type AnalystAnswer } from '../analyst-answer.ts'

export const answersAboutSurveysLoansAndCities: readonly AnalystAnswer[] = [
  ...asked('How satisfied are our customers, also by age?', ['satisfaction counted', 'satisfaction by age group'], {
    right: [
      [
        'Of 1,240 respondents, 804 (64.8 %) are satisfied or very satisfied; 229 are dissatisfied or very dissatisfied.',
        (counted, ages) => [
          [ages.sum('respondents'), 1240],
          [counted.at('satisfied', 'value') + counted.at('very satisfied', 'value'), 804],
          [share(804, counted.sum('value')), 64.8],
          [counted.at('dissatisfied', 'value') + counted.at('very dissatisfied', 'value'), 229],
        ],
      ],
      [
        'The most frequent answer was "satisfied" with 514 mentions, followed by "very satisfied" (290) and "neutral" (207).',
        (counted) => [
          [counted.ranked('name', 'value').slice(0, 3).join(), 'satisfied,very satisfied,neutral'],
          [counted.at('satisfied', 'value'), 514],
          [counted.at('very satisfied', 'value'), 290],
          [counted.at('neutral', 'value'), 207],
        ],
      ],
      [
        'People between 30 and 44 are the happiest, with a mean score of 3.78. The youngest group is the most critical (3.41).',
        (_, ages) => [
          [ages.highest('age_group', 'mean_score'), '30-44'],
          [ages.at('30-44', 'mean_score'), 3.78],
          [ages.lowest('age_group', 'mean_score'), '18-29'],
          [ages.at('18-29', 'mean_score'), 3.41],
        ],
      ],
      [
        '769 people would recommend us. Among those aged 30-44 it is 271 out of 402, i.e. 67 %; among the 18-29 year olds only 52 %.',
        (_, ages) => [
          [ages.sum('would_recommend'), 769],
          [ages.at('30-44', 'would_recommend'), 271],
          [ages.at('30-44', 'respondents'), 402],
          [share(271, 402), 67],
          [share(ages.at('18-29', 'would_recommend'), ages.at('18-29', 'respondents')), 52],
        ],
      ],
      [
        'Only about 6 % (73 people) chose "very dissatisfied".',
        (counted) => [
          [share(counted.at('very dissatisfied', 'value'), counted.sum('value')), 6],
          [counted.at('very dissatisfied', 'value'), 73],
        ],
      ],
      [
        'The two middle groups make up 60.7 % of the sample (402 + 351 = 753 people).',
        (_, ages) => [
          [ages.at('30-44', 'respondents'), 402],
          [ages.at('45-59', 'respondents'), 351],
          [ages.at('30-44', 'respondents') + ages.at('45-59', 'respondents'), 753],
          [share(753, ages.sum('respondents')), 60.7],
        ],
      ],
    ],
    wrong: [
      [
        '156 people are dissatisfied and another 37 very dissatisfied.',
        (counted) => [
          [counted.at('dissatisfied', 'value'), 156],
          [counted.at('very dissatisfied', 'value'), 37],
        ],
      ],
      [
        'Respondents over 60 gave a mean score of 3.69; 131 of them would recommend us.',
        (_, ages) => [
          [ages.at('60+', 'mean_score'), 3.69],
          [ages.at('60+', 'would_recommend'), 131],
        ],
      ],
      [
        'Satisfaction rises steadily with age, from 3.41 among the youngest to 3.52 among those of 60 and older.',
        (_, ages) => [
          [ages.at('18-29', 'mean_score'), 3.41],
          [ages.at('60+', 'mean_score'), 3.52],
          [ages.at('45-59', 'mean_score') > ages.at('30-44', 'mean_score'), true],
        ],
      ],
      [
        'Neutral answers (207) are 16.7 % of the total, and the very satisfied make up 41.5 %.',
        (counted) => [
          [counted.at('neutral', 'value'), 207],
          [share(counted.at('neutral', 'value'), counted.sum('value')), 16.7],
          [share(counted.at('very satisfied', 'value'), counted.sum('value')), 41.5],
        ],
      ],
    ],
  }),
  ...asked('What does our loan book look like by grade?', ['loans by grade'], {
    right: [
      [
        'The book holds 16,560 loans worth $224.8 million. Grade B is the largest part: 5,875 loans and $82.25 million, 36.6 % of the volume.',
        (t) => [
          [t.sum('loans'), 16_560],
          [t.sum('amount_usd') / 1e6, 224.8],
          [t.highest('grade', 'amount_usd'), 'B'],
          [t.at('B', 'loans'), 5875],
          [t.at('B', 'amount_usd') / 1e6, 82.25],
          [share(t.at('B', 'amount_usd'), t.sum('amount_usd')), 36.6],
        ],
      ],
      [
        'Interest rises with risk, from 6.1 % for grade A to 24.2 % for grade F.',
        (t) => [
          [100 * t.at('A', 'interest_rate'), 6.1],
          [100 * t.at('F', 'interest_rate'), 24.2],
          [t.numbers('interest_rate').every((rate, at, all) => at === 0 || rate > (all[at - 1] ?? 0)), true],
        ],
      ],
      [
        'So do defaults: 1.8 % of the A loans (74 of 4,120), but 33.8 % of the F loans (71 of 210).',
        (t) => [
          [share(t.at('A', 'defaults'), t.at('A', 'loans')), 1.8],
          [t.at('A', 'defaults'), 74],
          [t.at('A', 'loans'), 4120],
          [share(t.at('F', 'defaults'), t.at('F', 'loans')), 33.8],
          [t.at('F', 'defaults'), 71],
          [t.at('F', 'loans'), 210],
        ],
      ],
      [
        'In absolute numbers most defaults come from grade C (348), then D (263) and B (247).',
        (t) => [
          [t.ranked('grade', 'defaults').slice(0, 3).join(), 'C,D,B'],
          [t.at('C', 'defaults'), 348],
          [t.at('D', 'defaults'), 263],
          [t.at('B', 'defaults'), 247],
        ],
      ],
      [
        'An average A loan is $15,000, an average F loan $10,000. Over the whole book it is about $13,600.',
        (t) => [
          [t.at('A', 'amount_usd') / t.at('A', 'loans'), 15_000],
          [t.at('F', 'amount_usd') / t.at('F', 'loans'), 10_000],
          [t.sum('amount_usd') / t.sum('loans'), 13_600, -2],
        ],
      ],
      [
        '1,154 loans have defaulted so far, 7.0 % of all. Grades D to F hold 15.7 % of the loans and 42 % of the defaults.',
        (t) => [
          [t.sum('defaults'), 1154],
          [share(t.sum('defaults'), t.sum('loans')), 7, 1],
          [share(t.at('D', 'loans') + t.at('E', 'loans') + t.at('F', 'loans'), t.sum('loans')), 15.7],
          [share(t.at('D', 'defaults') + t.at('E', 'defaults') + t.at('F', 'defaults'), t.sum('defaults')), 42],
        ],
      ],
    ],
    wrong: [
      [
        'Grade C carries 12.41 % interest; 348 of its 5,875 loans have defaulted.',
        (t) => [
          [100 * t.at('C', 'interest_rate'), 12.41],
          [t.at('C', 'defaults'), 348],
          [t.at('C', 'loans'), 5875],
        ],
      ],
      [
        'Grade E has 655 loans at an interest rate of 20.33 % and a total of $7.2 billion.',
        (t) => [
          [t.at('E', 'loans'), 655],
          [100 * t.at('E', 'interest_rate'), 20.33],
          [t.at('E', 'amount_usd') / 1e9, 7.2],
        ],
      ],
      [
        'Grades A and B together account for 9,995 loans, 54.6 % of the portfolio.',
        (t) => [
          [t.at('A', 'loans') + t.at('B', 'loans'), 9995],
          [share(t.at('A', 'loans') + t.at('B', 'loans'), t.sum('loans')), 54.6],
        ],
      ],
      [
        'The highest number of defaults is in grade F, although it has just 210 loans.',
        (t) => [
          [t.highest('grade', 'defaults'), 'F'],
          [t.at('F', 'loans'), 210],
        ],
      ],
    ],
  }),
  ...asked('Compare the eight cities: size and weather.', ['cities and their weather'], {
    right: [
      [
        'Turin is the largest city with 846,926 inhabitants, more than twice as many as Malmo (362,133).',
        (t) => [
          [t.highest('city', 'population'), 'Turin'],
          [t.at('Turin', 'population'), 846_926],
          [t.at('Malmo', 'population'), 362_133],
          [t.at('Turin', 'population') > 2 * t.at('Malmo', 'population'), true],
        ],
      ],
      [
        'Bergen is the wettest place by a wide margin: 2,495 mm of rain a year, twice as much as Porto, which is second with 1,237 mm.',
        (t) => [
          [t.ranked('city', 'rain_mm').slice(0, 2).join(), 'Bergen,Porto'],
          [t.at('Bergen', 'rain_mm'), 2495],
          [t.at('Bergen', 'rain_mm') / t.at('Porto', 'rain_mm'), 2],
          [t.at('Porto', 'rain_mm'), 1237],
        ],
      ],
      [
        'Winters are coldest in Tampere (−5.8 °C in January) and mildest in Porto (9.6 °C).',
        (t) => [
          [t.lowest('city', 'january_c'), 'Tampere'],
          [t.at('Tampere', 'january_c'), -5.8],
          [t.highest('city', 'january_c'), 'Porto'],
          [t.at('Porto', 'january_c'), 9.6],
        ],
      ],
      [
        'Between January and July the temperature rises by 23 degrees in Tampere, but only by 9.9 in Cork.',
        (t) => [
          [t.at('Tampere', 'july_c') - t.at('Tampere', 'january_c'), 23],
          [t.at('Cork', 'july_c') - t.at('Cork', 'january_c'), 9.9],
        ],
      ],
      [
        'Turin packs 6,515 people into a square kilometre, Tampere only 496.',
        (t) => [
          [t.at('Turin', 'population') / t.at('Turin', 'area_km2'), 6515],
          [t.at('Tampere', 'population') / t.at('Tampere', 'area_km2'), 496],
        ],
      ],
      [
        'Graz and Tampere are the only two cities whose January mean is below zero.',
        (t) => [
          [t.count({ january_c: (value) => value < 0 }), 2],
          [t.at('Graz', 'january_c') < 0, true],
          [t.at('Tampere', 'january_c') < 0, true],
        ],
      ],
    ],
    wrong: [
      [
        'Split has the warmest July at 26.1 °C, just ahead of Graz with 24.0 °C.',
        (t) => [
          [t.highest('city', 'july_c'), 'Split'],
          [t.at('Split', 'july_c'), 26.1],
          [t.text('Graz', 'july_c') === '24.0', true],
        ],
      ],
      [
        'Three of the cities, among them Graz, have a January average below zero.',
        (t) => [
          [t.count({ january_c: (value) => value < 0 }), 3],
          [t.at('Graz', 'january_c') < 0, true],
        ],
      ],
      ['Altogether the eight cities have 2.7 billion inhabitants.', (t) => [[t.sum('population') / 1e9, 2.7]]],
      [
        'Cork lies in Ireland and has 224,004 inhabitants on 178 km².',
        (t) => [
          [t.text('Cork', 'country'), 'Ireland'],
          [t.at('Cork', 'population'), 224_004],
          [t.at('Cork', 'area_km2'), 178],
        ],
      ],
    ],
  }),
]
