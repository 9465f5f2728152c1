"""A wire that takes time: passes a connection on to a server, and what the server says only after a delay, in order. When the
server dies, what is on its way is lost.

As a program: `wire.py PORT SERVER-PORT DELAY [--exponential]`."""

import argparse
import asyncio
import random
import sys

from common import free_port, listens, wait_for


def wire(place, server, delay, *options, port=None):
    """Starts a wire to a server; its port and its process."""
    port = port or free_port()
    process = place.start(sys.executable, __file__, port, server, delay, *options)
    wait_for(lambda: listens(port))
    return port, process


class Wire:
    def __init__(self, options):
        self.options = options

    def delay(self):
        return random.expovariate(1 / self.options.delay) if self.options.exponential else self.options.delay

    async def connection(self, reader, writer):
        try:
            far_reader, far_writer = await asyncio.open_connection("127.0.0.1", self.options.server)
        except OSError:
            return writer.close()
        tasks = [asyncio.create_task(self.at_once(reader, far_writer)), asyncio.create_task(self.late(far_reader, writer))]
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for transport in (writer.transport, far_writer.transport):
            transport.abort()
        for task in tasks:
            task.cancel()

    @staticmethod
    async def at_once(reader, writer):
        try:
            while piece := await reader.read(65536):
                writer.write(piece)
        except ConnectionError:
            pass

    async def late(self, reader, writer):
        loop, free = asyncio.get_running_loop(), 0.0
        try:
            while piece := await reader.read(65536):
                # Nothing overtakes what was said before.
                free = max(free, loop.time() + self.delay())
                loop.call_at(free, writer.write, piece)
        except ConnectionError:
            pass


async def serve(options):
    server = await asyncio.start_server(Wire(options).connection, "127.0.0.1", options.port)
    await server.serve_forever()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("port", type=int)
    parser.add_argument("server", type=int)
    parser.add_argument("delay", type=float)
    parser.add_argument("--exponential", action="store_true")
    asyncio.run(serve(parser.parse_args()))
