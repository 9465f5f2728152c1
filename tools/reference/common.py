"""What all measurements have in common: processes that are stopped by their own ids, ports on loopback, figures, JSON.

A measurement is a function with the decorator `run`; it is given a `Place` and returns what it found."""

import atexit
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from pathlib import Path

RUNS = {}
RESULTS = Path(__file__).resolve().parents[2] / "tests" / "reference"


def run(function):
    """Makes a function a measurement, under its own name with dashes."""
    RUNS[function.__name__.replace("_", "-")] = function
    return function


def steady():
    """Goes before what else is done on this machine, where that is allowed; children inherit it."""
    try:
        os.sched_setscheduler(0, os.SCHED_RR, os.sched_param(1))
    except OSError:
        print("not allowed to go before others: figures may be noisy")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, longest=60.0, every=0.02):
    """Waits until something is so, or somebody can be asked, and says when that was."""
    end = time.monotonic() + longest
    while True:
        try:
            if condition():
                return time.monotonic()
        except Exception as error:  # whatever a server that starts answers
            last = error
        else:
            last = None
        if time.monotonic() > end:
            raise TimeoutError(f"waited {longest} s: {last}")
        time.sleep(every)


def listens(port):
    with socket.create_connection(("127.0.0.1", port), 1):
        return True


class Place:
    """A folder and the processes that belong to a measurement; both are gone when it ends."""

    def __init__(self):
        # In memory, where there is room: who else writes to the disk is not to be measured. (Servers that don't run as root
        # must get in.)
        memory = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(prefix="reference-", dir=memory))
        self.folder.chmod(0o755)
        self.processes = []
        atexit.register(self.close)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        # Those who can clean up after themselves (shared memory, a server that they have started) get a moment for it.
        for process in reversed(self.processes):
            self.signal(process, "INT")
        end = time.monotonic() + 5
        while time.monotonic() < end and any(process.poll() is None for process in self.processes):
            time.sleep(0.05)
        for process in reversed(self.processes):
            self.kill(process)
        self.processes = []
        shutil.rmtree(self.folder, ignore_errors=True)

    def write(self, name, text):
        path = self.folder / name
        path.write_text(text)
        return str(path)

    def start(self, *command, user=None, env=None, port=None):
        """Starts a process in a group of its own; with a port, waits until it listens there."""
        log = open(self.folder / f"log-{len(self.processes)}", "ab")
        environment = {**os.environ, **(env or {})}
        process = subprocess.Popen([str(word) for word in command], stdout=log, stderr=log, stdin=subprocess.DEVNULL,
                                   start_new_session=True, user=user, env=environment, cwd=self.folder)
        self.processes.append(process)
        if port:
            wait_for(lambda: listens(port))
        return process

    def folder_of(self, name, user):
        """A folder that belongs to somebody else."""
        path = self.folder / name
        path.mkdir(mode=0o700)
        shutil.chown(path, user)
        return path

    @staticmethod
    def signal(process, name):
        """Sends a signal to a process and all of its group."""
        try:
            os.killpg(process.pid, getattr(signal, "SIG" + name))
        except ProcessLookupError:
            pass

    def kill(self, process):
        self.signal(process, "KILL")
        process.wait()


def children(pid):
    """The processes that a process has started."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            if int(stat.read_text().rsplit(")", 1)[1].split()[1]) == pid:
                found.append(int(stat.parent.name))
        except (OSError, ValueError):
            pass  # it has ended meanwhile
    return found


def kill_with_children(pid):
    """Kills a server at once, without a moment for its children to notice."""
    everybody = [pid, *children(pid)]
    for name in (signal.SIGSTOP, signal.SIGKILL):
        for one in everybody:
            try:
                os.kill(one, name)
            except ProcessLookupError:
                pass


def version(*command):
    """The first line that a program says of itself."""
    found = subprocess.run(command, capture_output=True, text=True, check=False)
    return (found.stdout + found.stderr).strip().splitlines()[0]


def at(start, seconds, action):
    """Does something so many seconds after a start."""
    timer = threading.Timer(max(0.0, start + seconds - time.monotonic()), action)
    timer.daemon = True
    timer.start()
    return timer


def poisson(rate, duration, generator=random):
    """Times of arrivals, from 0 on."""
    times, now = [], generator.expovariate(rate)
    while now < duration:
        times.append(now)
        now += generator.expovariate(rate)
    return times


def sleep_until(moment):
    time.sleep(max(0.0, moment - time.monotonic()))


def percentile(ordered, share):
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def summary(seconds):
    """Mean and percentiles, in milliseconds."""
    ordered = sorted(seconds)
    if not ordered:
        return {"n": 0}
    figures = {"mean": sum(ordered) / len(ordered), "p50": percentile(ordered, 0.5), "p95": percentile(ordered, 0.95),
               "p99": percentile(ordered, 0.99), "max": ordered[-1]}
    return {"n": len(ordered), **{f"{name}_ms": round(value * 1e3, 2) for name, value in figures.items()}}


class Control:
    """How much longer than it should a sleep of 20 ms takes, all through a measurement: the noise of the machine."""

    def __enter__(self):
        self.over, self.going = [], True
        self.thread = threading.Thread(target=self.watch, daemon=True)
        self.thread.start()
        return self

    def watch(self):
        while self.going:
            begun = time.monotonic()
            time.sleep(0.02)
            self.over.append(time.monotonic() - begun - 0.02)

    def __exit__(self, *_):
        self.going = False
        self.thread.join()

    def figures(self):
        found = summary(self.over)
        return {name: found[name] for name in ("p50_ms", "p99_ms", "max_ms")} if self.over else {}


def measure(name):
    """Makes a measurement and writes what it found."""
    print(f"{name} …", flush=True)
    begun = time.monotonic()
    with Place() as place, Control() as control:
        found = RUNS[name](place)
    found["control_sleep_20ms_over"] = control.figures()
    found["date"] = time.strftime("%Y-%m-%d")
    RESULTS.mkdir(parents=True, exist_ok=True)
    (RESULTS / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n")
    print(f"{name}: {time.monotonic() - begun:.0f} s, {json.dumps(found['result'])}", flush=True)
