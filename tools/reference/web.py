"""Backends whose service time sleeps, and an open-loop generator of load before them, over HTTP.

As a program it is one backend: `web.py PORT NAME MEAN [--exponential] [--status 500] [--breaks 0.005] [--hangs]`."""

import argparse
import asyncio
import random
import sys
import time

from common import listens, poisson, summary, wait_for


def backend(place, port, name, mean, *options):
    process = place.start(sys.executable, __file__, port, name, mean, *options)
    wait_for(lambda: listens(port))
    return process


class Answers:
    """Answers requests after a while; connections may be kept alive. `/health` is answered at once, and not counted."""

    def __init__(self, options):
        self.options, self.connections = options, 0

    async def connection(self, reader, writer):
        self.connections += 1
        try:
            while await self.request(reader, writer):
                pass
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def request(self, reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        if head.startswith(b"GET /health") or head.startswith(b"OPTIONS"):
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            return False
        options = self.options
        if options.hangs:
            await asyncio.sleep(3600)
        if random.random() < options.breaks:
            writer.transport.abort()
            return False
        await asyncio.sleep(random.expovariate(1 / options.mean) if options.exponential else options.mean)
        closes = b"connection: close" in head.lower()
        text = f"HTTP/1.1 {options.status} X\r\nX-Backend: {options.name}\r\nX-Connections: {self.connections}\r\n"
        writer.write((text + f"Content-Length: 2\r\n{'Connection: close' if closes else 'X: x'}\r\n\r\nok").encode())
        await writer.drain()
        return not closes


async def serve(options):
    server = await asyncio.start_server(Answers(options).connection, "127.0.0.1", options.port, backlog=1024)
    await server.serve_forever()


class Answer:
    """What became of a request: when it came (from the start), how long it took, status and headers."""

    def __init__(self, came, took, status, headers):
        self.came, self.took, self.status, self.headers = came, took, status, headers

    @property
    def ok(self):
        return self.status == 200

    @property
    def backend(self):
        return self.headers.get("x-backend")


async def ask(port, start, came, method, path):
    await asyncio.sleep(start + came - time.monotonic())
    begun = time.monotonic()
    status, headers = 0, {}
    try:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        body = "Content-Length: 0\r\n" if method == "POST" else ""
        writer.write(f"{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n{body}\r\n".encode())
        lines = (await reader.read()).decode(errors="replace").split("\r\n")
        writer.close()
        status = int(lines[0].split()[1])
        headers = {key.lower(): value for key, _, value in (line.partition(": ") for line in lines[1:] if ": " in line)}
    except (OSError, IndexError, ValueError):
        pass
    return Answer(begun - start, time.monotonic() - begun, status, headers)


def load(port, rate, duration, method="GET", path=lambda i: "/", start=None):
    """Requests at the moments of a Poisson process, whatever becomes of those before; all answers in order."""
    start = start or time.monotonic() + 0.2

    async def all_of_them():
        asks = (ask(port, start, came, method, path(i)) for i, came in enumerate(poisson(rate, duration)))
        return await asyncio.gather(*asks)

    return asyncio.run(all_of_them())


def figures(answers):
    """Shares and times of all answers, and of those with success."""
    good = [answer for answer in answers if answer.ok]
    statuses = {}
    for answer in answers:
        statuses[str(answer.status)] = statuses.get(str(answer.status), 0) + 1
    counts = {}
    for answer in good:
        counts[answer.backend] = counts.get(answer.backend, 0) + 1
    shares = {name: round(count / len(good), 4) for name, count in sorted(counts.items())}
    return {"requests": len(answers), "statuses": statuses, "success": round(len(good) / len(answers), 5),
            "of_success": summary([answer.took for answer in good]), "shares": shares, "counts": counts}


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("name")
    parser.add_argument("mean", type=float)
    parser.add_argument("--exponential", action="store_true")
    parser.add_argument("--status", type=int, default=200)
    parser.add_argument("--breaks", type=float, default=0.0)
    parser.add_argument("--hangs", action="store_true")
    asyncio.run(serve(parser.parse_args()))
