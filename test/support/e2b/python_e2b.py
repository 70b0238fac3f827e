"""What E2B's client in Python comes to against a service that nothing but variables name. Prints one object of JSON."""

import asyncio
import json

from e2b_code_interpreter import AsyncSandbox, Sandbox

DRAW = """
import matplotlib.pyplot as plt
plt.plot([1, 2], [3, 4]); plt.show()
plt.bar(["a", "b"], [3, 5]); plt.show()
plt.boxplot([[1, 2, 3, 9]]); plt.show()
"""


def failure(work):
    try:
        return f'no failure: {work()!r}'
    except Exception as error:
        return f'{type(error).__name__}: {error}'


def run(told):
    sandbox = Sandbox.create(timeout=300, metadata={'of': 'python & more'})
    heard = []
    first = sandbox.run_code('print("Zoë 🙂")\nx = 41\nx + 1', on_stdout=lambda message: heard.append(message.line))
    told['first'] = [first.text, ''.join(heard)]
    told['charts'] = [
        [type(result.chart).__name__, len(result.png) > 1000] for result in sandbox.run_code(DRAW).results
    ]
    errors = []
    failed = sandbox.run_code('1/0', on_error=errors.append)
    told['error'] = [failed.error.name, '1/0' in failed.error.traceback, len(errors)]
    told['table'] = sandbox.run_code('import pandas as pd\npd.DataFrame({"a": [1, 2]})').results[0].data
    told['languages'] = [
        sandbox.run_code('[1, 2].length', language='javascript').text,
        sandbox.run_code('echo hi', language='bash').logs.stdout,
    ]
    csv = 'id,what\n' + ''.join(f'{row},item {row % 90}\n' for row in range(370_000))
    sandbox.files.write('in/big.csv', csv)
    read = sandbox.run_code('t = pd.read_csv("in/big.csv"); t.to_csv("out.csv", index=False); len(t)')
    told['csv'] = [len(csv) > 5_000_000, read.text, sandbox.files.read('out.csv') == csv]
    sandbox.files.write_files([{'path': 'a/1', 'data': '1'}, {'path': 'a/2', 'data': b'22'}])
    told['listed'] = [[entry.path, entry.size] for entry in sandbox.files.list('a')]
    told['folders'] = [sandbox.files.make_dir('b'), sandbox.files.make_dir('b'), sandbox.files.rename('a', 'c').path]
    sandbox.files.remove('c')
    told['exists'] = [sandbox.files.exists('c'), sandbox.files.exists('b')]
    told['missing'] = failure(lambda: sandbox.files.read('none')).split(':')[0]
    told['outside'] = failure(lambda: sandbox.files.read('/etc/passwd')).split(':')[0]
    done = sandbox.commands.run('echo "$A in $(pwd)"', envs={'A': "it's"}, cwd='b')
    told['command'] = [done.stdout, done.exit_code]
    told['status'] = failure(lambda: sandbox.commands.run('exit 3')).split(':')[0]
    handle = sandbox.commands.run('sleep 60', background=True)
    told['background'] = [len(sandbox.commands.list()), handle.kill(), sandbox.commands.kill(999)]
    context = sandbox.create_code_context(language='python')
    sandbox.run_code('x = 7', context=context)
    told['contexts'] = [sandbox.run_code('x', context=context).text, sandbox.run_code('x').text]
    sandbox.remove_code_context(context)
    told['again'] = Sandbox.connect(sandbox.sandbox_id).run_code('x').text
    told['info'] = [sandbox.get_info().metadata, sandbox.is_running()]
    told['pages'] = [item.sandbox_id == sandbox.sandbox_id for item in Sandbox.list(limit=5).next_items()]
    told['late'] = failure(lambda: sandbox.run_code('import time; time.sleep(60)', timeout=1)).split(':')[0]
    told['kept'] = sandbox.run_code('x').text
    told['no network'] = failure(lambda: Sandbox.create(allow_internet_access=True))
    told['no key'] = failure(lambda: Sandbox.create(api_key='sp-nobody')).split(':')[0]
    told['killed'] = [sandbox.kill(), sandbox.is_running(), sandbox.kill()]
    told['gone'] = [
        failure(work).split(':')[0]
        for work in (
            lambda: sandbox.run_code('1'),
            lambda: sandbox.commands.run('ls'),
            lambda: sandbox.files.read('x'),
        )
    ]


async def run_async(told):
    sandbox = await AsyncSandbox.create()
    told['async'] = [(await sandbox.run_code('5')).text, (await sandbox.commands.run('echo q')).stdout]
    running = asyncio.create_task(sandbox.run_code('import time; time.sleep(60)'))
    await asyncio.sleep(2)
    await sandbox.kill()
    told['cut'] = (await running).error is not None


told = {}
run(told)
asyncio.run(run_async(told))
print(json.dumps(told))
