"""Checks and counts what keys spend by LiteLLM's limiter of budgets on Redis: PORT, DATABASE, KEYS, AT_ONCE, SECONDS. Prints JSON."""

import asyncio
import json
import random
import sys
import time

from litellm.caching.caching import DualCache
from litellm.caching.redis_cache import RedisCache
from litellm.proxy._types import UserAPIKeyAuth
from litellm.proxy.hooks.model_max_budget_limiter import _PROXY_VirtualKeyModelMaxBudgetLimiter

port, database, keys, at_once, seconds = (int(word) for word in sys.argv[1:6])
budget = {"gpt-5": {"budget_limit": 1_000_000.0, "time_period": "1d"}}


async def main():
    redis = RedisCache(host="127.0.0.1", port=port, db=database)
    limiter = _PROXY_VirtualKeyModelMaxBudgetLimiter(
        dual_cache=DualCache(redis_cache=redis), model_access_groups=lambda model, team: frozenset()
    )
    callers = [UserAPIKeyAuth(token=f"key{number}", model_max_budget=budget) for number in range(keys)]

    async def pair():
        caller = random.choice(callers)
        if not await limiter.is_key_within_model_budget(caller, "gpt-5"):
            raise RuntimeError("refused")
        payload = {
            "model": "gpt-5",
            "model_group": "gpt-5",
            "response_cost": 0.0025,
            "metadata": {"user_api_key_hash": caller.token},
        }
        given = {
            "standard_logging_object": payload,
            "litellm_params": {"metadata": {"user_api_key_model_max_budget": budget}},
        }
        await limiter.async_log_success_event(given, None, None, None)

    async def lane(until):
        done = 0
        while time.perf_counter() < until:
            await pair()
            done += 1
        return done

    for _ in range(200):
        await pair()
    began, used = time.perf_counter(), time.process_time()
    done = sum(await asyncio.gather(*(lane(began + seconds) for _ in range(at_once))))
    used = time.process_time() - used
    counted = sum([float(await redis.async_get_cache(f"virtual_key_spend:key{key}:gpt-5:1d") or 0) for key in range(keys)])
    if abs(counted - 0.0025 * (done + 200)) > 0.0025:
        raise RuntimeError(f"{counted} was counted for {done} pairs")
    print(json.dumps({"pairs": done, "processor": used}))


asyncio.run(main())
