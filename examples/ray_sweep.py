"""A sweep on Ray: the command line runs the parts of the experiment, Ray says where, and `merge` makes the whole.

    pip install ray
    cargo build --release
    python examples/ray_sweep.py balancing-policies --parts 8 -- --replications 40

Everything after `--` goes to `web-service-model sweep`. The result is the same, byte for byte, as that of one run
without --shard, on however many machines. On a cluster (`ray.init(address="auto")`) the program and the files it reads
must be at the same place on every node.
"""

import argparse
import pathlib
import subprocess
import sys
import tempfile

import ray

PROGRAM = pathlib.Path(__file__).resolve().parent.parent / "target" / "release" / "web-service-model"


@ray.remote
def run_part(program: str, experiment: str, more: list[str], part: int, parts: int) -> bytes:
    """Runs one part on one processor and returns its file."""
    command = [program, "sweep", experiment, *more, "--jobs", "1", "--json", "--shard", f"{part}/{parts}"]
    done = subprocess.run(command, capture_output=True, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode())
    return done.stdout


def main() -> int:
    parser = argparse.ArgumentParser(description="A sweep on Ray.")
    parser.add_argument("experiment", help="a file, or an experiment or scenario of the program")
    parser.add_argument("--parts", type=int, default=8)
    parser.add_argument("--program", default=str(PROGRAM))
    # What stands after `--` is for the program.
    words = sys.argv[1:]
    split = words.index("--") if "--" in words else len(words)
    arguments, more = parser.parse_args(words[:split]), words[split + 1 :]

    ray.init(log_to_driver=False)
    parts = range(1, arguments.parts + 1)
    tasks = [run_part.remote(arguments.program, arguments.experiment, more, part, arguments.parts) for part in parts]
    with tempfile.TemporaryDirectory() as folder:
        files = [pathlib.Path(folder) / f"part-{part}.json" for part in parts]
        for file, task in zip(files, tasks):
            file.write_bytes(ray.get(task))
            print(f"{file.name} is finished", file=sys.stderr)
        return subprocess.run([arguments.program, "merge", "--json", *files], check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
