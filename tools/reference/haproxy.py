"""HAProxy before three servers."""

import time

from common import at, free_port, run, version
from web import backend, figures, load

NAMES = "abc"


class Haproxy:
    """HAProxy, and ports for servers, some of which are started."""

    def __init__(self, place, lines, servers, defaults=""):
        self.place, self.port, self.lines, self.defaults = place, free_port(), lines, defaults
        self.ports = dict(zip(NAMES, (free_port() for _ in NAMES)))
        self.servers = dict(zip(NAMES, servers))

    def config(self):
        servers = "\n    ".join(f"server {name} 127.0.0.1:{port} {self.servers[name]}" for name, port in self.ports.items())
        lines = "\n    ".join(self.lines)
        return f"""
global
    maxconn 4000
defaults
    mode http
    timeout connect 1s
    timeout client 60s
    timeout server 60s
    timeout queue 60s
    {self.defaults}
frontend f
    bind 127.0.0.1:{self.port}
    default_backend b
backend b
    {lines}
    http-after-response set-header X-Server %s
    {servers}
"""

    def start(self):
        self.place.start("/usr/sbin/haproxy", "-db", "-f", self.place.write("haproxy.cfg", self.config()), port=self.port)

    def backend(self, name, mean, *options):
        return backend(self.place, self.ports[name], name, mean, *options)

    def found(self, load, result):
        return {"product": version("/usr/sbin/haproxy", "-v"), "backend": self.lines, "defaults": self.defaults,
                "servers": self.servers, "load": load, "result": result}


def times_of_failures(answers):
    """How long those waited that failed: of each length in tenths of a second, how many."""
    found = {}
    for answer in answers:
        if not answer.ok:
            key = f"{round(answer.took, 1)} s"
            found[key] = found.get(key, 0) + 1
    return dict(sorted(found.items()))


def by_second(answers, since, until, name):
    """Share of a server in the answers of each second."""
    shares = []
    for second in range(since, until):
        here = [answer for answer in answers if second <= answer.came < second + 1]
        shares.append(round(sum(answer.backend == name for answer in here) / max(1, len(here)), 3))
    return shares


@run
def haproxy_k_queue(place):
    haproxy = Haproxy(place, ["balance roundrobin"], ["maxconn 2"] * 3)
    for name in NAMES:
        haproxy.backend(name, 0.1, "--exponential")
    haproxy.start()
    return haproxy.found("Poisson 48/s for 90 s, exponential 100 ms", figures(load(haproxy.port, 48, 90)))


@run
def haproxy_timeout_queue(place):
    haproxy = Haproxy(place, ["balance roundrobin"], ["maxconn 2"] * 3, "timeout queue 300ms")
    for name in NAMES:
        haproxy.backend(name, 0.1, "--exponential")
    haproxy.start()
    answers = load(haproxy.port, 66, 90)
    return haproxy.found("Poisson 66/s for 90 s, exponential 100 ms (6.6 erlangs at 6 places)",
                         {**figures(answers), "failed_after": times_of_failures(answers)})


@run
def haproxy_leastconn(place):
    haproxy = Haproxy(place, ["balance leastconn"], ["maxconn 4"] * 3)
    for name, mean in zip(NAMES, [0.05, 0.1, 0.2]):
        haproxy.backend(name, mean, "--exponential")
    haproxy.start()
    return haproxy.found("Poisson 100/s for 90 s, exponential 50/100/200 ms", figures(load(haproxy.port, 100, 90)))


def returning(place, slowstart):
    options = f"maxconn 20 check inter 1s fall 2 rise 2 {slowstart}"
    haproxy = Haproxy(place, ["balance leastconn", "option httpchk GET /health"], [options] * 3)
    kept = {name: haproxy.backend(name, 0.2) for name in NAMES}
    haproxy.start()
    start = time.monotonic() + 2
    at(start, 5, lambda: place.kill(kept["c"]))
    at(start, 15, lambda: haproxy.backend("c", 0.2))
    answers = load(haproxy.port, 60, 45, start=start)
    first = min(answer.came for answer in answers if answer.came > 15 and answer.backend == "c")
    lasting = [a for a in answers if first <= a.came < first + 15 and a.ok]
    share = sum(answer.backend == "c" for answer in lasting) / len(lasting)
    return haproxy.found("Poisson 60/s for 45 s, constant 200 ms, c killed at 5 s and back at 15 s",
                         {**figures(answers), "used_again_s": round(first, 2), "share_of_c_in_15_s_after": round(share, 4),
                          "share_of_c_by_second": by_second(answers, 10, 40, "c"), "failed_after": times_of_failures(answers)})


@run
def haproxy_slowstart(place):
    return returning(place, "slowstart 15s")


@run
def haproxy_no_slowstart(place):
    return returning(place, "")


def redispatched(place, lines):
    haproxy = Haproxy(place, ["balance roundrobin", *lines], [""] * 3)
    haproxy.backend("a", 0.05)
    haproxy.backend("b", 0.05)
    haproxy.start()
    answers = load(haproxy.port, 60, 30)
    late = [answer.took for answer in answers if answer.took > 0.2]
    took = {}
    for answer in answers:
        key = f"{round(answer.took, 1)} s"
        took[key] = took.get(key, 0) + 1
    return haproxy.found("Poisson 60/s for 30 s, constant 50 ms, c refuses connections, no checks",
                         {**figures(answers), "late": len(late), "answers_by_time": dict(sorted(took.items()))})


@run
def haproxy_retries_3(place):
    return redispatched(place, ["retries 3"])


@run
def haproxy_redispatch(place):
    return redispatched(place, ["retries 3", "option redispatch"])


@run
def haproxy_redispatch_1(place):
    return redispatched(place, ["retries 3", "option redispatch 1"])


@run
def haproxy_observe(place):
    options = "check inter 2s fall 3 rise 2 observe layer7 error-limit 5 on-error mark-down"
    haproxy = Haproxy(place, ["balance roundrobin", "option httpchk GET /health"], [options] * 3)
    haproxy.backend("a", 0.05)
    haproxy.backend("b", 0.05)
    haproxy.backend("c", 0.05, "--status", 500)
    haproxy.start()
    answers = load(haproxy.port, 60, 90)
    failed = [round(answer.came, 2) for answer in answers if answer.status == 500]
    bursts = [moment for moment, before in zip(failed, [-9] + failed) if moment - before > 1]
    return haproxy.found("Poisson 60/s for 90 s, constant 50 ms, c answers requests with 500 and checks with 200",
                         {**figures(answers), "errors_began_at_s": bursts})
