"""What to use instead of what is not there: modules the image has not, and a person who could be asked."""

import builtins
import errno
import re
from typing import NoReturn

HERE = (
    'numpy, pandas, polars, pyarrow, duckdb, scipy, scikit-learn, statsmodels, matplotlib, seaborn, pillow, openpyxl, '
    'xlsxwriter, tqdm, tabulate, lxml, beautifulsoup4, jinja2'
)

_NETWORK = 'there is no network here; read files in /mnt/data'
_CHARTS = 'draw with matplotlib or seaborn'
_LEARNING = 'use scikit-learn, whose HistGradientBoosting models come nearest'
_FRAMES = 'use polars or duckdb, which read files larger than memory'
_TEXT = "use re, or scikit-learn's feature_extraction.text"
_PICTURES = 'use pillow, numpy and scipy.ndimage'
_WIDGETS = 'nobody could use a control here; show a table or a chart instead'
_NOBODY = 'there is nobody to ask here: write the value into the code, or read it from a file in /mnt/data'

_INSTEAD = {
    **dict.fromkeys(('requests', 'httpx', 'aiohttp', 'urllib3', 'websocket', 'websockets', 'selenium', 'scrapy'), _NETWORK),
    **dict.fromkeys(('yfinance', 'pandas_datareader', 'boto3', 'openai', 'kaggle', 'gspread', 'datasets'), _NETWORK),
    **dict.fromkeys(('sqlalchemy', 'psycopg', 'psycopg2', 'pymysql', 'pymongo', 'redis'), _NETWORK + ', or query them with duckdb'),
    **dict.fromkeys(('plotly', 'bokeh', 'altair', 'pygal', 'holoviews', 'hvplot', 'plotnine', 'pyecharts', 'folium'), _CHARTS),
    **dict.fromkeys(('geopandas', 'cartopy', 'shapely'), _CHARTS + '; geometry has to be worked out with numpy'),
    **dict.fromkeys(('xgboost', 'lightgbm', 'catboost', 'torch', 'tensorflow', 'keras', 'jax', 'fastai'), _LEARNING),
    **dict.fromkeys(('prophet', 'pmdarima', 'darts', 'sktime', 'arch'), 'use statsmodels.tsa'),
    **dict.fromkeys(('linearmodels', 'pingouin', 'lifelines'), 'use statsmodels or scipy.stats'),
    **dict.fromkeys(('dask', 'modin', 'vaex', 'pyspark', 'ibis', 'cudf'), _FRAMES),
    **dict.fromkeys(('nltk', 'spacy', 'transformers', 'gensim', 'textblob', 'jieba', 'sentence_transformers'), _TEXT),
    **dict.fromkeys(('cv2', 'skimage', 'imageio'), _PICTURES),
    **dict.fromkeys(('xlrd', 'pyxlsb', 'odf', 'xlwt', 'calamine'), 'save the workbook as .xlsx and read it with openpyxl'),
    **dict.fromkeys(('numba', 'cython'), 'use numpy, or polars expressions'),
    **dict.fromkeys(('ipywidgets', 'streamlit', 'gradio', 'dash', 'tkinter'), _WIDGETS),
    'nest_asyncio': '`await` works at the top, and so does asyncio.run',
    'IProgress': 'import tqdm from tqdm instead of tqdm.notebook',
    'sympy': 'work with numbers: numpy and scipy.optimize',
    'networkx': 'use scipy.sparse.csgraph',
    'tables': 'use Parquet: pyarrow',
    'fastparquet': 'use pyarrow',
    'rich': 'print plain text, or show a table',
    'pip': 'nothing can be installed',
}

# What pandas says of a library that it would need, in its releases from 1 to 3.
_OPTIONAL = re.compile(r"(?:Missing optional dependency '|`Import )([\w.]+)")


def hint(error: BaseException) -> str | None:
    """A sentence for whoever wrote the code; None where there is nothing to say that the error does not."""
    if isinstance(error, EOFError):
        return None if str(error) else f'({_NOBODY}.)'
    if isinstance(error, NameError):
        return '(There is no notebook here: leave out magics.)' if error.name == 'get_ipython' else None
    if isinstance(error, OSError):
        return _hint_of_system(error)
    if type(error).__name__ == 'BdbQuit':
        return '(There is nobody to debug here: print what you want to see.)'
    if not isinstance(error, ImportError):
        return None
    text = str(error)
    optional = _OPTIONAL.search(text)
    name = optional.group(1) if optional else 'IProgress' if 'IProgress not found' in text else error.name
    if not isinstance(name, str) or not (optional or name == 'IProgress' or isinstance(error, ModuleNotFoundError)):
        return None
    instead = _INSTEAD.get(name) or _INSTEAD.get(name.partition('.')[0])
    if instead is None and name.partition('.')[0] == 'IPython':
        instead = 'of IPython there is only IPython.display'
    beginning = 'Nothing can be installed here' if instead is None else f'Nothing can be installed here: {instead}'
    return f'({beginning}. There are {HERE}, and Python\'s own library; of your own modules those in /mnt/data.)'


def _hint_of_system(error: OSError) -> str | None:
    """The errors of names that are not resolved and networks that are not reached, also within a URLError; those of
    fonts go by name."""
    reason = getattr(error, 'reason', error)
    if type(reason).__name__ == 'gaierror' or getattr(reason, 'errno', None) in (errno.ENETUNREACH, errno.EHOSTUNREACH):
        return f'({_NETWORK[0].upper()}{_NETWORK[1:]}.)'
    if str(error) == 'cannot open resource':
        return "(Fonts have paths here: matplotlib.font_manager.findfont('DejaVu Sans') gives one.)"
    return None


def no_input(prompt: object = '', /) -> NoReturn:
    """Stands for `input`, which would find its stream at an end."""
    raise EOFError(f'input(): {_NOBODY}')


def replace_input() -> None:
    builtins.input = no_input
