"""The models of `benches/benches/simulate.rs` in SimPy 4.1.2, for comparison: `pip install simpy==4.1.2`, then
`python3 simpy_models.py`. An event is an arrival, the end of a service, or the end of a pause, as in the other."""

import random
import statistics
import time

import simpy


def run(rate, stations, servers, mean, failing, customers):
    env = simpy.Environment()
    dice = random.Random(7)
    resources = [simpy.Resource(env, capacity=servers) for _ in range(stations)]
    events = 0
    total = 0.0

    def customer():
        nonlocal events, total
        began = env.now
        events += 1
        for resource in resources:
            for attempt in range(4):
                with resource.request() as request:
                    yield request
                    yield env.timeout(dice.expovariate(1.0 / mean))
                events += 1
                if failing == 0.0 or dice.random() >= failing:
                    break
                yield env.timeout(0.1)
                events += 1
        total += env.now - began

    def arrivals():
        for _ in range(customers):
            yield env.timeout(dice.expovariate(rate))
            env.process(customer())

    env.process(arrivals())
    start = time.perf_counter()
    env.run()
    return events / (time.perf_counter() - start)


for name, rate, stations, servers, failing, customers in [
    ("M/M/1, 0.8 in use", 0.8, 1, 1, 0.0, 100_000),
    ("6 stations of 4 servers, 0.8", 3.2, 6, 4, 0.0, 20_000),
    ("20 stations, 5% tried again", 0.7, 20, 1, 0.05, 6_000),
]:
    found = statistics.median(run(rate, stations, servers, 1.0, failing, customers) for _ in range(5))
    print(f"{name:30} {found / 1e6:.3f} million events a second")
