"""PostgreSQL that refuses connections, and PgBouncer, which lets them wait."""

import random
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg2

from common import free_port, poisson, run, sleep_until, summary, version
from postgresql import Server, ask, found


def bouncer(place, server, config):
    port = free_port()
    path = place.write("pgbouncer.ini", f"""
[databases]
postgres = host=127.0.0.1 port={server.port} user=postgres
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = any
pool_mode = transaction
max_client_conn = 1000
{config}
""")
    place.start("/usr/sbin/pgbouncer", path, user="postgres", port=port)
    return port


def sleeping(port, rate, duration, mean):
    """Queries that sleep, each on a connection of its own; how long each took, or None for those that failed."""
    def query(takes):
        begun = time.monotonic()
        try:
            ask(port, f"SELECT pg_sleep({takes})")
            return time.monotonic() - begun
        except psycopg2.Error:
            return -(time.monotonic() - begun)

    with ThreadPoolExecutor(300) as pool:
        start, asked = time.monotonic() + 0.2, []
        for came in poisson(rate, duration):
            sleep_until(start + came)
            asked.append(pool.submit(query, random.expovariate(1 / mean)))
        took = [one.result() for one in asked]
    failed = [-seconds for seconds in took if seconds < 0]
    return {"requests": len(took), "failed": len(failed), "failed_share": round(len(failed) / len(took), 4),
            "of_success": summary([seconds for seconds in took if seconds >= 0]), "of_failed": summary(failed)}


@run
def pg_max_connections(place):
    server = Server(place, "primary", "max_connections = 10\nsuperuser_reserved_connections = 0\n")
    return found("max_connections = 10, superuser_reserved_connections = 0",
                 "Poisson 40/s for 60 s, exponential 200 ms, a new connection for each", sleeping(server.port, 40, 60, 0.2))


@run
def pgbouncer_query_wait_timeout(place):
    server = Server(place, "primary")
    port = bouncer(place, server, "default_pool_size = 5\nquery_wait_timeout = 1\n")
    result = sleeping(port, 27, 90, 0.2)
    return {**found("default_pool_size = 5, query_wait_timeout = 1, pool_mode = transaction",
                    "Poisson 27/s for 90 s, exponential 200 ms (5.4 erlangs), a new connection for each", result),
            "product": version("/usr/sbin/pgbouncer", "--version")}
