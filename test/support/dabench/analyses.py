# What a model might write to each question: a section for each, named by the question's number, behind the beginning.

# beginning
import numpy as np
import pandas as pd
from scipy import stats

def say(**answers):
    for name, value in answers.items():
        print(f'@{name}[{value}]')

def fixed(value, digits=2):
    return f'{value:.{digits}f}'

def outside(values):
    low, high = values.quantile(0.25), values.quantile(0.75)
    return (values < low - 1.5 * (high - low)) | (values > high + 1.5 * (high - low))

def is_normal(values, test=stats.shapiro):
    return test(values.dropna()).pvalue > 0.05

# question 0
say(mean_fare=fixed(data['Fare'].mean()))

# question 5
family = data['SibSp'] + data['Parch']
say(correlation_coefficient=fixed(family.corr(data['Fare'])))

# question 6
group = pd.cut(data['Age'], [-1, 12.99, 19.99, 59.99, 200], labels=['child', 'teenager', 'adult', 'elderly'])
means = data.groupby(group, observed=True)['Fare'].mean()
say(**{f'mean_fare_{name}': fixed(mean) for name, mean in means.items()})

# question 9
say(mean_close_price=fixed(data['Close Price'].mean()))

# question 10
say(is_normal='yes' if is_normal(data['Total Traded Quantity']) else 'no')

# question 11
r, p = stats.pearsonr(data['High Price'], data['Low Price'])
say(correlation_coefficient=fixed(r), p_value=fixed(p, 4))
say(relationship_type='none' if p >= 0.05 else 'linear' if abs(r) >= 0.5 else 'nonlinear')

# question 14
spread = data['High Price'] - data['Low Price']
say(price_range_mean=fixed(spread.mean()), price_range_median=fixed(spread.median()), price_range_std_dev=fixed(spread.std()))

# question 18
values = data['Mar.2019'].dropna()
kept = values[~outside(values)]
say(mean_mar_2019=fixed(kept.mean()), sd_mar_2019=fixed(kept.std()))

# question 19
say(is_normal='Yes' if abs(stats.skew(data['Mar.2020'].dropna())) <= 0.5 else 'No')

# question 24
say(mean_age=fixed(data['age'].mean()))

# question 25
say(bmi_distribution='normal' if abs(data['bmi'].skew()) < 0.5 else 'not_normal')

# question 26
say(correlation_coefficient=fixed(data['charges'].corr(data['children'])))

# question 27
charges = data['charges'][outside(data['charges'])]
say(total_outliers=len(charges), mean_charges_outliers=fixed(charges.mean()), median_charges_outliers=fixed(charges.median()))

# question 30
from sklearn.linear_model import LinearRegression
from sklearn.model_selection import train_test_split
train, test = train_test_split(data, test_size=0.2, random_state=42)
predicted = LinearRegression().fit(train[['age', 'bmi']], train['charges']).predict(test[['age', 'bmi']])
say(model_rmse=fixed(np.sqrt(((predicted - test['charges']) ** 2).mean())))

# question 32
scores = data['importance.score']
say(importance_score_mean=fixed(scores.mean()), importance_score_std=fixed(scores.std()))

# question 33
values = data['row m/z'].dropna()
p = stats.kstest((values - values.mean()) / values.std(), 'norm').pvalue
say(normality_decision='normally distributed' if p >= 0.05 else 'not normally distributed')

# question 34
pairs = data[['row retention time', 'importance.score']].dropna()
r, p = stats.pearsonr(*pairs.to_numpy().T)
say(correlation_coefficient=fixed(r), p_value=fixed(p, 4))
say(relationship_type='none' if p >= 0.05 else 'linear' if abs(r) >= 0.5 else 'nonlinear')

# question 35
say(removed_outliers_count=int((np.abs(stats.zscore(data['row retention time'].dropna())) > 3).sum()))

# question 55
cases = data['No. of cases'].str.extract(r'^(\d+)')[0].astype('Int64')
say(mean_cases=int(cases.mean()))

# question 56
deaths = data['No. of deaths'].str.extract(r'^(\d+)')[0].astype('Int64')
row = data.loc[deaths.idxmax()]
say(max_deaths_country=row['Country'], max_deaths_year=int(row['Year']))

# question 57
numbers = [data[name].str.extract(r'^(\d+)')[0].astype('Int64') for name in ('No. of cases', 'No. of deaths')]
say(correlation_coefficient=fixed(numbers[0].corr(numbers[1])))

# question 58
missing = data.isna().mean() * 100
say(percentage_cases_min=fixed(missing['No. of cases_min']), percentage_deaths_max=fixed(missing['No. of deaths_max']))

# question 64
say(mean_wage=fixed(data['wage'].mean()), std_wage=fixed(data['wage'].std()))

# question 66
r, p = stats.pearsonr(data['wage'], data['exper'])
say(correlation_coefficient=fixed(r), p_value=fixed(p, 4))
say(relationship_type='none' if p >= 0.05 else 'linear' if abs(r) >= 0.5 else 'nonlinear')

# question 69
say(correlation=fixed((data['exper'] * data['looks']).corr(data['wage']), 3))

# question 71
say(mean_volume=fixed(data['Volume'].mean()), std_dev_volume=fixed(data['Volume'].std()))

# question 72
say(normality_test_result='Normal' if is_normal(data['Close']) else 'Non-normal')

# question 73
say(correlation_coefficient=fixed(data['High'].corr(data['Low'])))

# question 75
change = data['Close'].pct_change() * 100
say(daily_return_mean=fixed(change.mean()), daily_return_std=fixed(change.std()))

# question 105
say(correlation_coefficient=fixed(data['ApplicantIncome'].corr(data['LoanAmount'])))

# question 108
total = data['ApplicantIncome'] + data['CoapplicantIncome']
say(mean_total_income=fixed(total.mean()), std_dev_total_income=fixed(total.std()))

# question 114
say(country_with_highest_score=data.loc[data['Happiness Score'].idxmax(), 'Country'])

# question 116
score = data['Happiness Score']
say(outlier_countries=','.join(data['Country'][np.abs((score - score.mean()) / score.std(ddof=0)) > 3]))

# question 117
related = data.select_dtypes('number').corr()['Happiness Score'].drop('Happiness Score')
name = related.abs().idxmax()
say(strongest_correlation_variable=name, correlation_type='positive' if related[name] > 0 else 'negative')

# question 129
say(mean_fare=fixed(data['Fare'].mean()), std_dev_fare=fixed(data['Fare'].std(ddof=0)))

# question 130
say(is_normal=bool(is_normal(data['Age'])))

# question 132
say(outlier_count=int((np.abs(stats.zscore(data['Fare'])) > 3).sum()))

# question 133
kept = data.dropna(subset=['Cabin'])
say(row_count=len(kept), median_age=kept['Age'].median())

# question 136
for number, fares in data.groupby('Pclass')['Fare']:
    say(**{f'p_value_class_{number}': fixed(stats.shapiro(fares).pvalue, 4)})

# question 139
say(normality_status='normal' if is_normal(data['per_dem']) else 'not normal')

# question 140
r, p = stats.pearsonr(data['votes_dem'], data['votes_gop'])
say(correlation_coefficient=fixed(r, 3), p_value=fixed(p, 3))
say(relationship_type='none' if p >= 0.05 else 'linear' if abs(r) >= 0.5 else 'nonlinear')

# question 174
say(fare_skewness=fixed(data['Fare'].skew()))

# question 175
say(outliers_count=int((np.abs(stats.zscore(data['Age'].dropna())) > 3).sum()))

# question 176
chosen = data[(data['Sex'] == 'male') & (data['Survived'] == 1) & (data['Fare'] > data['Fare'].mean())]
say(median_age=fixed(chosen['Age'].median()))

# question 179
chosen = data[(data['Survived'] == 1) & (data['Pclass'] == 1)]
say(correlation_coefficient=fixed(chosen['Age'].corr(chosen['Fare']), 3))

# question 180
for number, fares in data.groupby('Pclass')['Fare']:
    say(**{f'class{number}_outliers': int((np.abs(stats.zscore(fares)) > 3).sum())})

# question 216
say(mean=fixed(data['abs_diffsel'].mean()), std_dev=fixed(data['abs_diffsel'].std()))

# question 217
say(site_identifier=data.loc[data['positive_diffsel'].idxmax(), 'site'])

# question 218
say(correlation_coefficient=fixed(data['positive_diffsel'].corr(data['negative_diffsel'])))

# question 219
found = data[outside(data['abs_diffsel'])]
say(site_identifiers=','.join(found['site']), outlier_values=','.join(str(round(value, 2)) for value in found['abs_diffsel']))

# question 234
days = (pd.to_datetime(data['budget_year_end']) - pd.to_datetime(data['budget_year_start'])).dt.days
say(average_duration=int(days.mean()))

# question 243
say(mean_batting_average=fixed(data['batting_average'].mean(), 3))

# question 244
say(normality_test='normal' if is_normal(data['number_of_home_runs']) else 'not_normal')

# question 247
runs = data.groupby('indicator_of_free_agency_eligibility')['number_of_runs'].mean()
say(average_runs_by_eligible_for_free_agency=fixed(runs[1]), average_runs_by_not_eligible_for_free_agency=fixed(runs[0]))

# question 250
difference = (data['batting_average'] - data['on_base_percentage']).dropna()
say(mean=fixed(difference.mean()), std_dev=fixed(difference.std()))

# question 254
say(outlier_countries=', '.join(data['country'][outside(data['gdpPercap_1982'])]))

# question 255
say(mean_gdp2007=fixed(data['gdpPercap_2007'].mean()), standard_deviation_gdp2007=fixed(data['gdpPercap_2007'].std()))

# question 268
say(normality_test_result='Normal' if is_normal(data['MEANPOT']) else 'Not Normal')

# question 269
r, p = stats.pearsonr(data['TOTUSJH'], data['TOTUSJZ'])
say(correlation_type='No Correlation' if p >= 0.05 else 'Positive Correlation' if r > 0 else 'Negative Correlation')
say(correlation_coefficient=fixed(r), p_value=fixed(p, 3))

# question 320
say(mean_eventmsgtype=fixed(data['EVENTMSGTYPE'].mean()))

# question 324
say(max_missing_values=data.isna().sum().idxmax())

# question 349
say(mean_age=fixed(data['Age'].mean(), 1))

# question 350
say(is_normal=bool(is_normal(data['Fare'])))

# question 351
say(correlation_coefficient=fixed(data['Age'].corr(data['Fare'])))

# question 352
fares = data['Fare']
say(fare_outliers=', '.join(map(str, sorted(fares[np.abs(stats.zscore(fares)) > 3]))))

# question 354
say(average_familysize=fixed((data['IsAlone'] + 2).mean(), 1))

# question 375
trips = data.iloc[:, 1]
test = stats.shapiro(trips)
say(shapiro_w=fixed(test.statistic, 4), p_value=fixed(test.pvalue, 4))
say(skewness=fixed(stats.skew(trips), 4), kurtosis=fixed(stats.kurtosis(trips), 4))

# question 408
pairs = data[['Fare', 'Age']].dropna()
r, p = stats.pearsonr(pairs['Fare'], pairs['Age'])
say(correlation_coefficient=fixed(r), p_value=fixed(p, 4))
say(relationship_type='none' if p >= 0.05 else 'linear' if abs(r) >= 0.5 else 'nonlinear')

# question 409
say(missing_values=int(data['Cabin'].isna().sum()))

# question 410
dead = data[data['Survived'] == 0]
ages = [dead.loc[dead['Sex'] == sex, 'Age'].dropna() for sex in ('male', 'female')]
say(is_significantly_different=bool(stats.ks_2samp(*ages).pvalue < 0.05))

# question 411
fares = data['Fare'][outside(data['Fare'])]
say(outlier_count=len(fares), outlier_range_low=fixed(fares.min()), outlier_range_high=fixed(fares.max()))

# question 412
family = (data['SibSp'] + data['Parch']).groupby(data['Survived']).mean()
say(mean_familysize_survived=fixed(family[1]), mean_familysize_did_not_survive=fixed(family[0]))

# question 414
ages = data.groupby('Pclass')['Age'].mean()
say(first_class_average_age=fixed(ages[1]), second_class_average_age=fixed(ages[2]), third_class_average_age=fixed(ages[3]))

# question 418
volume = data['Volume'].str.replace(',', '').astype(float)
say(outliers_count=int((np.abs(stats.zscore(volume)) > 3).sum()))

# question 425
say(missing_values_count=int(data['max_sust_wind'].isna().sum()))

# question 427
say(null_entries_count=int(data['min_p'].isna().sum()))

# question 446
data.columns = data.columns.str.strip()
say(mean_windspeed=fixed(data['WINDSPEED'].mean(), 3))

# question 447
data.columns = data.columns.str.strip()
say(number_of_outliers=int(outside(data['BARO'].dropna()).sum()))

# question 472
say(mean_value=fixed(data['Value'].mean()))

# question 474
say(correlation_coefficient=fixed(data['Value'].corr(data['TIME'])))

# question 490
say(mean_value=fixed(data['Engineering'].mean()))

# question 492
say(fields=data[data['Year'] == 2010].drop(columns='Year').iloc[0].idxmax())

# question 506
say(average_reviews=fixed(data['review_count'].mean()))

# question 507
say(total_hotels=int((data['star_rating'] == 5).sum()))

# question 508
say(correlation_coefficient=fixed(data['review_count'].corr(data['bubble_score']), 3))

# question 516
say(skewness_fare=fixed(data['Fare'].skew()))

# question 517
say(correlation_pclass_fare=fixed(data['Pclass'].corr(data['Fare'])))

# question 518
say(number_of_entries_left=int((stats.zscore(data['Fare']) <= 3).sum()))

# question 520
say(correlation_coefficient=fixed((data['SibSp'] + data['Parch']).corr(data['Survived'])))

# question 526
say(correlation_coefficient=fixed(data['Pclass'].corr(data['Fare'])))

# question 527
for (number, sex), ages in data.groupby(['Pclass', 'Sex'])['Age']:
    say(**{f'average_age_{sex}_class{number}': fixed(ages.mean())})

# question 542
say(mean_length=fixed(data['Length'].mean()))

# question 543
r = data['Diameter'].corr(data['Rings'])
say(correlation_coefficient=fixed(r), relationship_status='correlate' if abs(r) >= 0.5 else 'not correlate')

# question 578
say(mean_volume=fixed(data['Volume'].mean()))

# question 586
say(total_abandoned_calls=int(data['num. calls abandoned '].sum()))

# question 643
volume = data['Volume']
say(mean_volume=fixed(volume.mean()), std_volume=fixed(volume.std()), min_volume=volume.min(), max_volume=volume.max())

# question 644
say(result='Normal distribution' if is_normal(data['Close']) else 'Not a normal distribution')

# question 649
x = data['X'] if 'X' in data else data.iloc[:, 2]
say(mean_x=fixed(x.mean(), 3), std_dev_x=fixed(x.std(), 3))

# question 655
x, y, z = (data.iloc[:, place] for place in (2, 3, 4))
say(correlation_XY=fixed(x.corr(y)), correlation_XZ=fixed(x.corr(z)))

# question 657
close = data['Close']
say(mean_close=fixed(close.mean()), median_close=fixed(close.median()), std_close=fixed(close.std()))

# question 659
say(correlation_high_low=fixed(data['High'].corr(data['Low'])))

# question 666
say(mean_value=fixed(data['MedianHouseValue'].mean(), 4), std_dev=fixed(data['MedianHouseValue'].std(), 4))

# question 667
say(distribution_type='normal' if is_normal(data['MedInc']) else 'not normal')

# question 668
r, p = stats.pearsonr(data['HouseAge'], data['MedianHouseValue'])
say(correlation_coefficient=fixed(r), p_value=fixed(p, 4), significant_correlation='true' if p < 0.05 else 'false')

# question 683
say(mean_temperature=fixed(data['temp'].mean()))

# question 684
p = stats.shapiro(data['humidity']).pvalue
say(shapiro_p_value=fixed(p, 4), distribution_type='normal' if p > 0.05 else 'not normal')

# question 715
data = pd.read_csv(path, skiprows=0)
say(missing_percentage=fixed(data['Unnamed: 8'].isna().mean() * 100))

# question 719
say(mean_mpg=fixed(data['mpg'].mean()), median_mpg=fixed(data['mpg'].median()))

# question 721
say(correlation_coefficient=fixed(data['mpg'].corr(data['weight'])))

# question 729
data.columns = data.columns.str.strip().str.lower()
say(distribution_normality='normal' if is_normal(data['gdppercap'], stats.normaltest) else 'not normal')

# question 730
data.columns = data.columns.str.strip().str.lower()
r, p = stats.pearsonr(data['pop'], data['gdppercap'])
say(correlation_coefficient=fixed(r), p_value=fixed(p, 4))

# question 737
say(mean_income=fixed(data['Income'].mean()), std_dev_income=fixed(data['Income'].std()))

# question 738
say(is_normal='Normal' if is_normal(data['Age']) else 'Not Normal')

# question 739
say(correlation_coefficient=fixed(data['Limit'].corr(data['Balance'])))

# question 740
say(outliers=int((np.abs(stats.zscore(data['Balance'])) > 3).sum()))

# question 755
say(mean_TMAX_F=fixed(data['TMAX_F'].mean()))

# question 756
r, p = stats.pearsonr(data['TMAX_F'], data['obs_value'])
say(correlation_coefficient=fixed(r), p_value=fixed(p, 4))

# question 757
say(outlier_count=int(outside(data['obs_value']).sum()))
