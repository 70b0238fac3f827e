import { about, inAnotherUnit, is, near, type FreeSentence } from '../free-sentence.ts'

export const sentencesAboutDataAnalyses: readonly FreeSentence[] = [
  ...about('gapminder_gdp_asia', {
    right: [
      [
        'In 2007 Kuwait had the highest GDP per capita in Asia (47,307), just ahead of Singapore (47,143).',
        (t) =>
          t.ranked('country', 'gdpPercap_2007').slice(0, 2).join() === 'Kuwait,Singapore' &&
          near(t.at('Kuwait', 'gdpPercap_2007'), 47_307) &&
          near(t.at('Singapore', 'gdpPercap_2007'), 47_143),
      ],
      [
        "Japan's GDP per capita rose almost tenfold between 1952 and 2007, from 3,217 to 31,656.",
        (t) => near(t.at('Japan', 'gdpPercap_1952'), 3217) && near(t.at('Japan', 'gdpPercap_2007'), 31_656),
      ],
      [
        'Across the 33 economies, GDP per capita averaged about 12,473 in 2007, while the median was only 4,471.',
        (t) => near(t.mean('gdpPercap_2007'), 12_473) && near(t.median('gdpPercap_2007'), 4471) && t.count() === 33,
      ],
      [
        'Myanmar remained the poorest country in 2007 at $944.',
        (t) => is(t.lowest('country', 'gdpPercap_2007'), 'Myanmar') && t.at('Myanmar', 'gdpPercap_2007') === 944,
      ],
      [
        'Kuwait lost more than half of its GDP per capita between 1952 and 2007 (−56.4 %).',
        (t) => near((t.at('Kuwait', 'gdpPercap_2007') / t.at('Kuwait', 'gdpPercap_1952') - 1) * 100, -56.4, 1),
      ],
      [
        'China went from about 400 in 1952 to just under 5,000 in 2007.',
        (t) =>
          near(t.at('China', 'gdpPercap_1952'), 400) &&
          t.at('China', 'gdpPercap_2007') > 4900 &&
          t.at('China', 'gdpPercap_2007') < 5000,
      ],
      [
        'Singapur kam 2007 auf 47.143,18 US-Dollar pro Kopf.',
        (t) => near(t.at('Singapore', 'gdpPercap_2007'), 47_143.18, 2),
      ],
    ],
    wrong: [
      ['Thailand reached 7,458 in 2002.', (t) => near(t.at('Thailand', 'gdpPercap_2002'), 7458)],
      [
        'Vietnam and India were level in 2007, at 2,452 and 2,541.',
        (t) => near(t.at('Vietnam', 'gdpPercap_2007'), 2541),
      ],
      [
        "Iraq's GDP per capita rose from 4,391 in 2002 to 4,741 in 2007.",
        (t) => near(t.at('Iraq', 'gdpPercap_2007'), 4741),
      ],
      [
        'In 1952 Saudi Arabia ranked second.',
        (t) => is(t.ranked('country', 'gdpPercap_1952')[1] ?? '', 'Saudi Arabia'),
      ],
      [
        "Bahrain's GDP per capita declined between 2002 and 2007.",
        (t) => t.at('Bahrain', 'gdpPercap_2007') < t.at('Bahrain', 'gdpPercap_2002'),
      ],
      [
        'Singapur kam 2007 auf 41.743,18 US-Dollar pro Kopf.',
        (t) => near(t.at('Singapore', 'gdpPercap_2007'), 41_743.18, 2),
      ],
    ],
  }),
  ...about('insurance', {
    right: [
      [
        'Smokers are charged $32,050 on average, non-smokers $8,434: 3.8 times as much.',
        (t) =>
          near(t.mean('charges', { smoker: 'yes' }), 32_050) &&
          near(t.mean('charges', { smoker: 'no' }), 8434) &&
          near(t.mean('charges', { smoker: 'yes' }) / t.mean('charges', { smoker: 'no' }), 3.8, 1),
      ],
      [
        '274 of the 1,338 policy holders smoke, i.e. 20.5 %.',
        (t) => t.count({ smoker: 'yes' }) === 274 && t.count() === 1338 && near((274 / 1338) * 100, 20.5, 1),
      ],
      ['The largest bill was $63,770.43.', (t) => near(t.max('charges'), 63_770.43, 2)],
      ['The southeast is the most common region with 364 people.', (t) => t.count({ region: 'southeast' }) === 364],
      [
        'Mean age is 39.2 years and mean BMI 30.66.',
        (t) => near(t.mean('age'), 39.2, 1) && near(t.mean('bmi'), 30.66, 2),
      ],
    ],
    wrong: [
      ['The average charge is $12,370.42.', (t) => near(t.mean('charges'), 12_370.42, 2)],
      ['574 people have at least one child.', (t) => t.count({ children: (value) => value >= 1 }) === 574],
      ['Women make up 52 % of the policy holders.', (t) => near((t.count({ sex: 'female' }) / t.count()) * 100, 52)],
      [
        'The average charge of smokers is 28 % higher than that of non-smokers.',
        (t) => near((t.mean('charges', { smoker: 'yes' }) / t.mean('charges', { smoker: 'no' }) - 1) * 100, 28),
      ],
    ],
  }),
  ...about('titanic_train', {
    right: [
      [
        'Of 891 passengers, 342 survived (38.4 %).',
        (t) => t.count() === 891 && t.sum('Survived') === 342 && near((342 / 891) * 100, 38.4, 1),
      ],
      [
        '74 % of the women survived: 233 out of 314.',
        (t) => t.sum('Survived', { Sex: 'female' }) === 233 && t.count({ Sex: 'female' }) === 314,
      ],
      [
        'First-class tickets cost £84.15 on average, against an overall mean of £32.20.',
        (t) => near(t.mean('Fare', { Pclass: '1' }), 84.15, 2) && near(t.mean('Fare'), 32.2, 2),
      ],
      ['More than half of the passengers (491) travelled in third class.', (t) => t.count({ Pclass: '3' }) === 491],
    ],
    wrong: [
      ['The average age was 28.0 years.', (t) => near(t.mean('Age'), 28, 1)],
      ['233 of 342 women survived.', (t) => t.count({ Sex: 'female' }) === 342],
      ['61.6 % of the passengers survived.', (t) => near((t.sum('Survived') / t.count()) * 100, 61.6, 1)],
      ['The highest fare paid was £521.33.', (t) => near(t.max('Fare'), 521.33, 2)],
    ],
  }),
  ...about('auto-mpg', {
    right: [
      [
        'Four-cylinder cars manage 29.3 mpg on average and eight-cylinder cars 15.0.',
        (t) => near(t.mean('mpg', { cylinders: '4' }), 29.3, 1) && near(t.mean('mpg', { cylinders: '8' }), 15, 1),
      ],
      ['The heaviest car weighs 5,140 pounds.', (t) => t.max('weight') === 5140],
      ['The median horsepower of the 392 cars is 93.5.', (t) => t.median('horsepower') === 93.5 && t.count() === 392],
    ],
    wrong: [
      ['The best mileage in the data is 44.6 mpg.', (t) => t.max('mpg') === 44.6],
      ['130 cars have eight cylinders.', (t) => t.count({ cylinders: '8' }) === 130],
      ['Mean fuel economy is 23.446 miles per litre.', inAnotherUnit],
    ],
  }),
  ...about('2015', {
    right: [
      [
        'Switzerland is the happiest country with a score of 7.587; Togo comes last with 2.839.',
        (t) =>
          is(t.highest('Country', 'Happiness Score'), 'Switzerland') &&
          is(t.lowest('Country', 'Happiness Score'), 'Togo') &&
          t.at('Switzerland', 'Happiness Score') === 7.587 &&
          t.at('Togo', 'Happiness Score') === 2.839,
      ],
      ['Germany ranks 26th of 158 countries.', (t) => t.at('Germany', 'Happiness Rank') === 26 && t.count() === 158],
      [
        'Western Europe averages 6.69, well above the overall mean of 5.38.',
        (t) =>
          near(t.mean('Happiness Score', { Region: 'Western Europe' }), 6.69, 2) &&
          near(t.mean('Happiness Score'), 5.38, 2),
      ],
      ['Forty of the countries lie in Sub-Saharan Africa.', (t) => t.count({ Region: 'Sub-Saharan Africa' }) === 40],
    ],
    wrong: [
      ['Denmark ranks second, with a score of 7.527.', (t) => t.at('Denmark', 'Happiness Rank') === 2],
      ['Iceland scores 7.651.', (t) => t.at('Iceland', 'Happiness Score') === 7.651],
      [
        'The gap between first and last place is 4.478 points.',
        (t) => near(t.max('Happiness Score') - t.min('Happiness Score'), 4.478, 3),
      ],
    ],
  }),
  ...about('percent-bachelors-degrees-women-usa', {
    right: [
      [
        "Women's share of computer science degrees peaked at 37.1 % in 1983 and was down to 18.2 % by 2011.",
        (t) =>
          t.max('Computer Science') === 37.1 &&
          t.at('1983', 'Computer Science') === 37.1 &&
          t.at('2011', 'Computer Science') === 18.2,
      ],
      [
        'Engineering climbed from 0.8 % in 1970 to 17.5 % in 2011, a gain of 16.7 percentage points.',
        (t) => t.at('1970', 'Engineering') === 0.8 && t.at('2011', 'Engineering') === 17.5 && near(17.5 - 0.8, 16.7, 1),
      ],
      ['By 2011, 76.7 % of psychology degrees went to women.', (t) => t.at('2011', 'Psychology') === 76.7],
    ],
    wrong: [
      ['In 2011 women earned 17.5 % of computer science degrees.', (t) => t.at('2011', 'Computer Science') === 17.5],
      [
        'Computer science rose by 4.6 % between 1970 and 2011.',
        (t) => near((t.at('2011', 'Computer Science') / t.at('1970', 'Computer Science') - 1) * 100, 4.6, 1),
      ],
      ['The table spans 52 years.', (t) => t.count() === 52],
    ],
  }),
  ...about('unemployement_industry', {
    right: [
      [
        'Unemployment rose from 3.9 % in March 2019 to 4.5 % in March 2020.',
        (t) =>
          t.at('Total, 16 years and over(1)', 'Total Mar.2019') === 3.9 &&
          t.at('Total, 16 years and over(1)', 'Total Mar.2020') === 4.5,
      ],
      [
        'In construction the rate for men reached 7.3 % in March 2020, against 3.3 % for women.',
        (t) => t.at('Construction', 'Men Mar.2020') === 7.3 && t.at('Construction', 'Women Mar.2020') === 3.3,
      ],
      [
        'The number of unemployed grew by 988, or 15.5 %.',
        (t) =>
          t.at('Total, 16 years and over(1)', 'Mar.2020') - t.at('Total, 16 years and over(1)', 'Mar.2019') === 988 &&
          near((988 / 6382) * 100, 15.5, 1),
      ],
    ],
    wrong: [
      [
        'In manufacturing the unemployment rate fell from 4.2 % to 2.9 % between March 2019 and March 2020.',
        (t) => t.at('Manufacturing', 'Total Mar.2020') === 2.9,
      ],
      [
        'Unemployment in manufacturing rose by 1.3 %, from 2.9 % to 4.2 %.',
        (t) =>
          near((t.at('Manufacturing', 'Total Mar.2020') / t.at('Manufacturing', 'Total Mar.2019') - 1) * 100, 1.3, 1),
      ],
      [
        "Women's rate in durable goods was 3.6 % in March 2020.",
        (t) => t.at('Durable goods', 'Women Mar.2020') === 3.6,
      ],
    ],
  }),
  ...about('city_departments_in_current_budget', {
    right: [
      [
        'The budget lists 38 departments, four of them in Public Safety.',
        (t) => t.count() === 38 && t.count({ dept_group: 'Public Safety' }) === 4,
      ],
      [
        "Every department's budget year begins on 1 October 2016 and ends on 30 September 2017.",
        (t) => t.count({ budget_year_start: '10/1/2016', budget_year_end: '9/30/2017' }) === t.count(),
      ],
    ],
    wrong: [
      ['Seven departments belong to Support Services.', (t) => t.count({ dept_group: 'Support Services' }) === 7],
      ['The budget year ends on 31 December 2017.', (t) => t.count({ budget_year_end: '12/31/2017' }) > 0],
    ],
  }),
  ...about('Credit', {
    right: [
      [
        'Students carry a balance of $877 on average, compared with $520 across all 400 customers.',
        (t) => near(t.mean('Balance', { Student: 'Yes' }), 877) && near(t.mean('Balance'), 520) && t.count() === 400,
      ],
      ['One in ten customers is a student.', (t) => t.count({ Student: 'Yes' }) * 10 === t.count()],
    ],
    wrong: [
      ['Four customers are students.', (t) => t.count({ Student: 'Yes' }) === 4],
      ['The top income is 168.634 thousand dollars.', (t) => near(t.max('Income'), 168.634, 3)],
    ],
  }),
  ...about('e5_aapl', {
    right: [
      [
        'The share reached its high of $134.54 on 28 April 2015.',
        (t) => t.max('High') === 134.54 && is(t.highest('Date', 'High'), '2015-04-28'),
      ],
      [
        'On 2 January 2014 it closed at $79.02 after opening at $79.38.',
        (t) => t.at('2014-01-02', 'Close') === 79.02 && t.at('2014-01-02', 'Open') === 79.38,
      ],
    ],
    wrong: [
      [
        'On 3 January 2014 the share closed higher than the day before.',
        (t) => t.at('2014-01-03', 'Close') > t.at('2014-01-02', 'Close'),
      ],
      ['The share opened at $76.78 on 7 January 2014.', (t) => t.at('2014-01-07', 'Open') === 76.78],
    ],
  }),
]
