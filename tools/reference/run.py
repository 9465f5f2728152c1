"""Measures the real products again: `run.py [START-OF-NAME…]`, all measurements without a name; `run.py --list`."""

import importlib
import sys

from common import RUNS, measure, steady

PRODUCTS = ["nginx", "haproxy", "postgresql", "pgbouncer", "patroni", "redis_store", "rabbitmq", "rabbitmq_cluster"]


def main(names):
    for product in PRODUCTS:
        importlib.import_module(product)
    if names == ["--list"]:
        return print("\n".join(RUNS))
    steady()
    failed = []
    for name in [name for name in RUNS if not names or any(name.startswith(start) for start in names)]:
        try:
            measure(name)
        except Exception as error:  # the others are worth measuring all the same
            failed.append(name)
            print(f"{name}: {error!r}", flush=True)
    return f"not measured: {', '.join(failed)}" if failed else None


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
