"""Run once when the image is built: calls what the libraries of the shelf import only when it is first needed, so that a
library without a part it needs fails the build and not an analyst's program."""

import datetime
import io
import pathlib
import tempfile

import duckdb
import pandas
import polars

frame = pandas.DataFrame({'name': ['a', 'b'], 'amount': [1.5, 2.5], 'day': pandas.to_datetime(['2024-01-01', '2024-01-02'])})
folder = pathlib.Path(tempfile.mkdtemp())


def workbooks():
    for engine in ('openpyxl', 'xlsxwriter'):
        path = folder / f'{engine}.xlsx'
        frame.to_excel(path, index=False, engine=engine)
        assert pandas.read_excel(path).equals(frame), engine
    polars.from_pandas(frame).write_excel(folder / 'polars.xlsx')
    assert polars.read_excel(folder / 'polars.xlsx', engine='openpyxl').height == 2


def markup():
    html = frame.to_html(index=False)
    for flavor in ('lxml', 'bs4'):
        assert pandas.read_html(io.StringIO(html), flavor=flavor)[0].shape == (2, 3), flavor
    assert pandas.read_xml(io.StringIO(frame.to_xml(index=False))).shape == (2, 3)
    assert frame.style.format(precision=1).to_html().startswith('<style')
    assert frame.to_latex().startswith('\\begin')
    assert '|' in frame.to_markdown()


def files():
    frame.to_parquet(folder / 'frame.parquet')
    assert pandas.read_parquet(folder / 'frame.parquet').equals(frame)
    frame.to_feather(folder / 'frame.feather')
    assert pandas.read_feather(folder / 'frame.feather').equals(frame)
    assert polars.read_parquet(folder / 'frame.parquet').to_pandas().shape == (2, 3)


def zones():
    connection = duckdb.connect()
    moment = connection.sql("SELECT TIMESTAMPTZ '2024-01-01 10:00:00+00'").fetchall()[0][0]
    assert moment == datetime.datetime(2024, 1, 1, 10, tzinfo=datetime.timezone.utc)
    assert frame.day.dt.tz_localize('Europe/Berlin').dt.tz_convert('UTC').dt.hour.tolist() == [23, 23]
    assert duckdb.sql('SELECT sum(amount) FROM frame').df().shape == (1, 1)
    assert duckdb.sql('FROM frame').pl().height == 2
    assert duckdb.sql('FROM frame').to_arrow_table().num_rows == 2


def progress():
    from tqdm import tqdm

    assert list(tqdm([1, 2], file=io.StringIO())) == [1, 2]


def charts():
    import matplotlib

    matplotlib.use('agg')
    for ending in ('png', 'svg', 'pdf', 'jpg', 'webp'):
        frame.plot.scatter(x='amount', y='amount').figure.savefig(folder / f'chart.{ending}')
    matplotlib.pyplot.close('all')


for part in (workbooks, markup, files, zones, progress, charts):
    part()
