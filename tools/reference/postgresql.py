"""PostgreSQL with hot standbys."""

import random
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import psycopg2

from common import at, free_port, kill_with_children, poisson, run, sleep_until, summary, version, wait_for
from wire import wire

BIN = "/usr/lib/postgresql/15/bin/"
DELAYED = "recovery_min_apply_delay = '{}ms'\nhot_standby_feedback = off\n"


def postgres_runs(*command):
    subprocess.run([str(word) for word in command], user="postgres", check=True, capture_output=True, cwd="/")


def connect(port, autocommit=True):
    connection = psycopg2.connect(host="127.0.0.1", port=port, user="postgres", dbname="postgres")
    connection.autocommit = autocommit
    return connection


def ask(port, statement):
    connection = connect(port)
    try:
        cursor = connection.cursor()
        cursor.execute(statement)
        return cursor.fetchall() if cursor.description else None
    finally:
        connection.close()


class Server:
    """A server in a folder of its own: a primary, or a standby of the server at a port."""

    def __init__(self, place, name, config="", of=None):
        self.place, self.name, self.port = place, name, free_port()
        self.data = place.folder_of(name, "postgres")
        if of is None:
            postgres_runs(BIN + "initdb", "--no-sync", "-A", "trust", "-D", self.data)
        else:
            # (A copy needs no delay.)
            postgres_runs(BIN + "pg_basebackup", "-h", "127.0.0.1", "-p", of[0], "-D", self.data, "-X", "stream", "-c", "fast")
            (self.data / "standby.signal").touch()
            config += f"primary_conninfo = 'host=127.0.0.1 port={of[1]} user=postgres application_name={name}'\n"
        with open(self.data / "postgresql.conf", "a", encoding="utf-8") as file:
            file.write("listen_addresses = '127.0.0.1'\nautovacuum = off\ndynamic_shared_memory_type = mmap\ncheckpoint_timeout = 1h\n" + config)
        self.start()

    def start(self):
        self.process = self.place.start(BIN + "postgres", "-D", self.data, "-p", self.port, "-k", self.data, user="postgres")
        wait_for(lambda: ask(self.port, "SELECT 1"))

    def kill(self):
        kill_with_children(self.process.pid)
        self.process.wait()


def set_up(primary, **settings):
    """Changes settings of a running server, and waits until it has them."""
    for name, value in settings.items():
        ask(primary.port, f"ALTER SYSTEM SET {name} = '{value}'")
    ask(primary.port, "SELECT pg_reload_conf()")
    time.sleep(0.3)


def replicating(primary, count, synchronous=0):
    """Waits until so many standbys follow, and so many count as synchronous."""
    statement = "SELECT count(*), count(*) FILTER (WHERE sync_state IN ('sync', 'quorum')) FROM pg_stat_replication " \
                "WHERE state = 'streaming'"
    wait_for(lambda: all(found >= asked for found, asked in zip(ask(primary.port, statement)[0], (count, synchronous))))
    time.sleep(1)


def commits(primary, level, count):
    """How long so many commits take, one after another."""
    connection = connect(primary.port)
    cursor = connection.cursor()
    cursor.execute(f"SET synchronous_commit = {level}")
    took = []
    for _ in range(count):
        begun = time.monotonic()
        cursor.execute("INSERT INTO t DEFAULT VALUES")
        took.append(time.monotonic() - begun)
    connection.close()
    return summary(took)


class Writers:
    """Inserts at given moments, whatever becomes of those before; when each came and how long it took."""

    def __init__(self, port, level="on", many=100):
        self.port, self.level, self.here, self.done, self.last = port, level, threading.local(), [], 0
        self.pool = ThreadPoolExecutor(many)

    def write(self, start, came):
        if not hasattr(self.here, "cursor"):
            self.here.cursor = connect(self.port).cursor()
            self.here.cursor.execute(f"SET synchronous_commit = {self.level}")
        begun = time.monotonic()
        try:
            self.here.cursor.execute("INSERT INTO t DEFAULT VALUES RETURNING id")
        except psycopg2.Error:
            return
        number = self.here.cursor.fetchone()[0]
        self.last = max(self.last, number)
        self.done.append((came, time.monotonic() - begun, number))

    def warm(self, many=20):
        """Connects beforehand."""
        barrier = threading.Barrier(many)
        list(self.pool.map(lambda _: (self.write(0, -1), barrier.wait()), range(many)))
        self.done.clear()

    def run(self, start, moments):
        for came in moments:
            sleep_until(start + came)
            self.pool.submit(self.write, start, came)
        self.pool.shutdown()
        return sorted(self.done)


def found(settings, load, result):
    return {"product": version(BIN + "postgres", "--version").replace("postgres (PostgreSQL)", "PostgreSQL"),
            "settings": settings, "load": load, "result": result}


def with_table(place, config=""):
    primary = Server(place, "primary", config)
    ask(primary.port, "CREATE TABLE t (id serial PRIMARY KEY)")
    return primary


@run
def pg_a_commit_latency(place):
    primary = with_table(place)
    Server(place, "s1", DELAYED.format(200), of=(primary.port, wire(place, primary.port, 0.05)[0]))
    set_up(primary, synchronous_standby_names="s1")
    replicating(primary, 1, 1)
    levels = ["off", "local", "remote_write", "on", "remote_apply"]
    return found("synchronous_standby_names = 's1'; recovery_min_apply_delay = 200ms on s1",
                 "sequential inserts, s1 behind a wire of 50 ms", {level: commits(primary, level, 40) for level in levels})


@run
def pg_any_k_of_3(place):
    primary = with_table(place)
    for name in ("s1", "s2", "s3"):
        Server(place, name, of=(primary.port, wire(place, primary.port, 0.05, "--exponential")[0]))
    result = {}
    for k in (1, 2, 3):
        set_up(primary, synchronous_standby_names=f"ANY {k} (s1, s2, s3)")
        replicating(primary, 3, 3)
        result[f"ANY {k}"] = commits(primary, "on", 500)
    return found("synchronous_standby_names = 'ANY k (s1, s2, s3)'",
                 "500 sequential inserts each; three wires, each piece exponential 50 ms, in order", result)


def first_1(place, fault):
    primary = with_table(place, "wal_sender_timeout = 3s\n")
    wires = [wire(place, primary.port, delay) for delay in (0.02, 0.06)]
    a, _ = [Server(place, name, of=(primary.port, port)) for name, (port, _) in zip(("a", "b"), wires)]
    set_up(primary, synchronous_standby_names="FIRST 1 (a, b)")
    replicating(primary, 2, 1)
    writers = Writers(primary.port)
    writers.warm(60)
    time.sleep(1)
    start = time.monotonic() + 0.2
    at(start, 10, lambda: fault(a, wires[0][1], place))
    done = writers.run(start, poisson(20, 30))
    late = [(came, took) for came, took, _ in done if took > 0.2]
    parts = {"before": summary([took for came, took, _ in done if came < 9.9]),
             "after": summary([took for came, took, _ in done if came > 10 and took <= 0.2])}
    released = max((came + took for came, took in late), default=10.0)
    return found("synchronous_standby_names = 'FIRST 1 (a, b)'; wal_sender_timeout = 3s",
                 "Poisson 20/s for 30 s, single-row inserts; a behind 20 ms, b behind 60 ms; at 10 s a's fault",
                 {**parts, "committed": len(done), "late": len(late), "released_after_s": round(released - 10, 2)})


@run
def pg_first_1_killed(place):
    return first_1(place, lambda standby, _, __: standby.kill())


@run
def pg_first_1_parted(place):
    return first_1(place, lambda _, its_wire, place: place.signal(its_wire, "STOP"))


@run
def pg_stale_sync(place):
    primary = with_table(place)
    standby = Server(place, "s1", DELAYED.format(100), of=(primary.port, wire(place, primary.port, 0.02)[0]))
    set_up(primary, synchronous_standby_names="s1")
    replicating(primary, 1, 1)
    result = {}
    for level in ("local", "on", "remote_apply"):
        writers = Writers(primary.port, level)
        writers.warm()
        time.sleep(0.5)
        start, stale = time.monotonic() + 0.2, []

        def read(start=start, writers=writers, stale=stale):
            cursor = connect(standby.port).cursor()
            for moment in poisson(50, 40):
                sleep_until(start + moment)
                known = writers.last
                cursor.execute("SELECT max(id) FROM t")
                stale.append((cursor.fetchone()[0] or 0) < known)

        reader = threading.Thread(target=read)
        reader.start()
        done = writers.run(start, poisson(5, 40))
        reader.join()
        result[level] = {"reads": len(stale), "stale": round(sum(stale) / len(stale), 4), "writes": len(done),
                         "commit": summary([took for _, took, _ in done])}
    return found("synchronous_standby_names = 's1'; recovery_min_apply_delay = 100ms on s1",
                 "s1 behind a wire of 20 ms; inserts Poisson 5/s, reads of the standby Poisson 50/s, 40 s each", result)


@run
def pg_cancelled_wait(place):
    primary = with_table(place)
    sync, other = [Server(place, name, of=(primary.port, primary.port)) for name in ("s1", "s2")]
    set_up(primary, synchronous_standby_names="s1")
    replicating(primary, 2, 1)
    sync.kill()
    time.sleep(0.5)
    connection = connect(primary.port)
    begun = time.monotonic()
    at(begun, 2, connection.cancel)
    connection.cursor().execute("INSERT INTO t DEFAULT VALUES")
    took = time.monotonic() - begun
    count = "SELECT count(*) FROM t"
    time.sleep(0.5)
    result = {"took_s": round(took, 2), "notices": [notice.strip() for notice in connection.notices],
              "visible_on_primary": ask(primary.port, count)[0][0], "on_the_asynchronous_standby": ask(other.port, count)[0][0]}
    return found("synchronous_standby_names = 's1', which is dead; s2 asynchronous", "one insert, cancelled after 2 s", result)


@run
def pg_off_loss(place):
    runs = []
    for i in range(8):
        primary = Server(place, f"primary{i}", "wal_writer_delay = 200ms\n")
        ask(primary.port, "CREATE TABLE t (id serial PRIMARY KEY)")
        writers = Writers(primary.port, "off", 8)
        writers.warm(8)
        start = time.monotonic() + 0.2
        at(start, 3 + random.random(), primary.kill)
        acknowledged = len(writers.run(start, poisson(300, 4.5)))
        primary.start()
        kept = ask(primary.port, "SELECT count(*) FROM t")[0][0] - 8
        runs.append(acknowledged - kept)
        primary.kill()
    return found("synchronous_commit = off; wal_writer_delay = 200ms", "Poisson 300/s, single-row inserts; kill -9 of all processes",
                 {"lost": runs, "mean": sum(runs) / len(runs), "rate_times_delay": 60})
